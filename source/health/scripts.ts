import {identityOf} from '../resources/identity.ts';
import type {JsonObject} from '../resources/json.ts';
import type {Health, OwnHealth} from './health.ts';

/** A health script of a cluster, and the kinds that it is for. */
export interface HealthScript {
  /** True for the kinds that it judges. */
  covers(group: string, kind: string): boolean;
  /** Lua; see luaHealth. */
  script: string;
}

/** A cluster's own health: by the first script that covers the kind. `run` is luaHealth, loaded only where there is one. */
export function healthByScripts(
  scripts: readonly HealthScript[],
  run: (script: string, object: JsonObject) => Health,
): OwnHealth {
  const byKind = new Map<string, HealthScript | null>();
  return object => {
    const {group, kind} = identityOf(object);
    const key = `${group}/${kind}`;
    let found = byKind.get(key);
    if (found === undefined) {
      found = scripts.find(script => script.covers(group, kind)) ?? null;
      byKind.set(key, found);
    }
    return found === null ? undefined : run(found.script, object);
  };
}
