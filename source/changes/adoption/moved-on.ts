import type {FieldChange} from '../../drift/types.ts';
import type {Environment} from '../../environments/types.ts';
import {equalJson} from '../../resources/json.ts';
import {valueAtPath} from '../../sources/edit/change.ts';
import {loadSource} from '../../sources/load.ts';
import type {ChangeContext} from '../publish.ts';
import {sameResource} from '../setters/verify.ts';
import {withoutDefaults} from './noise.ts';
import type {Wanted} from './read.ts';

/** Earlier commits of the environment that are looked at. */
const lookedAt = 6;

// Who writes what git says: of such a value nobody decided anything on the cluster.
const deployers =
  /^(?:gitops-tui|kubectl-client-side-apply|kubectl|argocd-controller|argocd-application-controller|kustomize-controller|helm-controller|helm)$/;

/**
 * The fields whose live value is what git said before, by the commit that said so: the deployed one where that is known,
 * else one of the last few. To adopt them takes back what was committed since. What can't be read counts for nothing.
 */
export async function saidBefore(
  {repository, lastReport}: ChangeContext,
  environment: Environment,
  base: string,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<Map<Wanted, string>> {
  const said = new Map<Wanted, string>();
  if (wanted.length === 0) return said;
  const earlier = async (): Promise<string[]> => {
    const log = await repository.log({from: base, path: environment.path, limit: lookedAt}, signal);
    return log.slice(1).map(({sha}) => sha);
  };
  try {
    const deployed = lastReport?.(environment.name)?.liveRevision ?? null;
    const revisions = deployed === null ? await earlier() : deployed === base ? [] : [deployed];
    for (const revision of revisions) {
      const rendered = await loadSource(environment, repository.tree(revision), {signal});
      for (const item of wanted) {
        const then = sameResource(rendered, item.resource);
        if (then === undefined || said.has(item)) continue;
        const value = valueAtPath(then.object, item.field.elements);
        if (isLive(value, item)) said.set(item, revision);
      }
      if (said.size === wanted.length) break;
    }
  } catch {
    // A shallow clone, a folder that was elsewhere: then nothing is known of before.
    signal.throwIfAborted();
  }
  return said;
}

/** True where nobody set the live value by hand: what deploys put it there, or it is what git has added since. */
export function isDeployed({change, manager}: Pick<FieldChange, 'change' | 'manager'>): boolean {
  return change === 'removed' || manager === undefined || deployers.test(manager);
}

function isLive(value: ReturnType<typeof valueAtPath>, {id, field}: Wanted): boolean {
  if (field.change === 'removed' || field.live === undefined) return value === undefined;
  return (
    value !== undefined &&
    (equalJson(value, field.live) || equalJson(value, withoutDefaults(id, field.elements, field.live)))
  );
}
