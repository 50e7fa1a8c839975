import {type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import type {ImagePolicy} from '../policy.ts';
import {taggedPolicy} from './tagged.ts';
import type {StatedPolicy} from './types.ts';

const prefixes = ['fluxcd.io/', 'flux.weave.works/'];

/**
 * The policy for a container that a workload's annotations state, as Weave Cloud's Deployment Automator and Flux v1 read
 * them (https://docs.fluxcd.io/en/1.21.1/references/fluxctl/#using-annotations): `fluxcd.io/automated: "true"` with
 * `fluxcd.io/tag.CONTAINER: semver:~1.0`; without a tag annotation any tag, the newest build. Null where they state none.
 */
export function fluxV1Policy(
  object: JsonObject,
  container: string,
  location: SourceLocation,
): StatedPolicy | null {
  const metadata = objectAt(object, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  const get = (name: string) =>
    prefixes.map(prefix => stringAt(annotations, prefix + name)).find(value => value !== undefined);
  const tag = get(`tag.${container}`);
  if (get('automated') !== 'true' && tag === undefined) return null;
  const policy: ImagePolicy | {problem: string} = taggedPolicy(tag?.trim() || 'glob:*');
  const name = `${stringAt(object, 'kind') ?? ''} ${stringAt(metadata, 'name') ?? ''}`;
  return {
    origin: 'flux-v1',
    name: `${name} (fluxcd.io/tag.${container})`,
    location,
    policy,
    pinsDigest: false,
  };
}
