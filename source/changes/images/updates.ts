import {inPool} from '../../engines/direct/pool.ts';
import type {Tags} from '../../registries/client.ts';
import {RegistryError} from '../../registries/error.ts';
import type {StatedPolicy} from '../../registries/policies/types.ts';
import {chooseTag, type ImagePolicy, newestBuild, policyWords} from '../../registries/policy.ts';
import {type ImageReference, withVersion} from '../../registries/reference.ts';
import type {Registries} from '../../registries/registries.ts';
import {isVersionTag, stepBetween, suggestTag} from '../../registries/suggest.ts';
import {plainLine} from '../../text/plain.ts';
import type {EnvironmentImage, ImageUpdate} from './types.ts';

// How many images are asked for at once; each registry has a limit of its own below that.
const atOnce = 8;

/** An image before its registry was asked. */
export function pendingUpdate(image: EnvironmentImage): ImageUpdate {
  const {policy} = image;
  const words = policy === null ? '' : 'problem' in policy.policy ? '' : policyWords(policy.policy);
  return {
    image: image.image,
    users: image.users,
    live: image.live,
    policy:
      policy === null ? null : {words: plainLine(words), origin: policy.origin, name: plainLine(policy.name)},
    marker: image.marker,
    state: 'pending',
    target: null,
    targetTag: null,
    step: null,
    created: null,
    revision: null,
    problem: null,
  };
}

/**
 * Asks the registries what there is for each image, several at once, and tells each answer as it comes. What goes wrong with
 * one is that one's own: no credentials, no network, no such repository. Throws only what the signal holds.
 */
export async function askForUpdates(
  images: readonly EnvironmentImage[],
  registries: Registries,
  signal: AbortSignal,
  onImage: (update: ImageUpdate) => void,
): Promise<ImageUpdate[]> {
  return inPool(images, atOnce, async image => {
    const pending = pendingUpdate(image);
    let update: ImageUpdate;
    try {
      update = {...pending, ...(await answerFor(image, registries, signal))};
    } catch (error) {
      signal.throwIfAborted();
      update = {
        ...pending,
        state: 'unknown',
        problem: plainLine(error instanceof Error ? error.message : String(error)),
      };
    }
    onImage(update);
    return update;
  });
}

type Answer = Partial<ImageUpdate> & Pick<ImageUpdate, 'state'>;

async function answerFor(
  image: EnvironmentImage,
  registries: Registries,
  signal: AbortSignal,
): Promise<Answer> {
  const {reference, policy} = image;
  if (reference === null) return unknown('this is no image’s name');
  if (policy === null) return suggestion(reference, registries, signal);
  if ('problem' in policy.policy) return unknown(policy.policy.problem);
  let list: Tags;
  try {
    list = await registries.tags(reference, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!policy.latest || !(error instanceof RegistryError)) throw error;
    return asOnCluster(reference, policy.latest, policy.pinsDigest, error);
  }
  const {tags, complete} = list;
  const chosen = await choose(policy.policy, reference, tags, registries, signal);
  if ('problem' in chosen) return unknown(chosen.problem);
  const pins = policy.pinsDigest || reference.digest !== null;
  const digest = pins ? await registries.digest(reference, chosen.tag, signal) : null;
  const answer = await towards(reference, {tag: chosen.tag, digest}, 'newer', registries, signal);
  return complete
    ? answer
    : {...answer, problem: 'it has more tags than are looked at: there may be a newer one'};
}

/** What the tool on the cluster chose, which has credentials of its own, where the user's don't do. */
function asOnCluster(
  reference: ImageReference,
  {tag, digest}: NonNullable<StatedPolicy['latest']>,
  pins: boolean,
  error: RegistryError,
): Answer {
  if ((pins || reference.digest !== null) && digest === null) return unknown(error.message);
  const target = withVersion(reference, {tag, digest: pins || reference.digest !== null ? digest : null});
  const problem = `${plainLine(error.message)}; this is what the cluster's own controller chose last`;
  if (target === withVersion(reference, reference)) return {state: 'current', targetTag: tag, problem};
  return {state: 'newer', target, targetTag: tag, step: stepBetween(reference.tag, tag) ?? 'other', problem};
}

async function choose(
  policy: ImagePolicy,
  reference: ImageReference,
  tags: readonly string[],
  registries: Registries,
  signal: AbortSignal,
): Promise<{tag: string} | {problem: string}> {
  const choice = chooseTag(policy, tags);
  if (!('build' in choice)) return choice;
  const {times, problem} = await registries.buildTimes(reference, choice.build, signal);
  if (problem !== null) return {problem};
  const tag = newestBuild(times);
  return tag === null ? {problem: 'none of the tags that fit the policy says when it was built'} : {tag};
}

async function suggestion(
  reference: ImageReference,
  registries: Registries,
  signal: AbortSignal,
): Promise<Answer> {
  const {tag, digest} = reference;
  if (tag === null)
    return unknown(
      digest === null ? 'it names no tag: what runs is whatever latest was' : 'it names a digest and no tag',
    );
  const {tags, complete} = await registries.tags(reference, signal);
  const higher = suggestTag(tag, tags);
  const notes = complete ? [] : ['it has more tags than are looked at'];
  if (higher === null) {
    if (!tags.includes(tag)) notes.push(`its registry has no tag ${tag} (any more)`);
    if (!isVersionTag(tag))
      return unknown([...notes, 'its tag is no version: a policy would say what is newer'].join('; '));
    return {state: 'current', problem: notes.join('; ') || null};
  }
  const pinned = digest === null ? null : await registries.digest(reference, higher, signal);
  const answer = await towards(reference, {tag: higher, digest: pinned}, 'suggested', registries, signal);
  return notes.length === 0 ? answer : {...answer, problem: notes.join('; ')};
}

/** What an image would become, and what is known of that. */
async function towards(
  reference: ImageReference,
  version: {tag: string; digest: string | null},
  state: 'newer' | 'suggested',
  registries: Registries,
  signal: AbortSignal,
): Promise<Answer> {
  const target = withVersion(reference, version);
  if (target === withVersion(reference, reference)) return {state: 'current', targetTag: version.tag};
  const facts = await registries.facts(reference, version.tag, signal).catch(() => {
    // That there is a newer one is worth telling without its age.
    signal.throwIfAborted();
    return {created: null, revision: null};
  });
  return {
    state,
    target,
    targetTag: version.tag,
    step: stepBetween(reference.tag, version.tag) ?? 'other',
    created: facts.created,
    revision: facts.revision,
  };
}

function unknown(problem: string): Answer {
  return {state: 'unknown', problem: plainLine(problem)};
}
