import type {ImageReport, ImagesRequest, ImageUpdate, Session} from '../app/session.ts';
import {parseImage} from '../registries/reference.ts';
import type {JsonObject} from '../resources/json.ts';
import {formatProblem} from '../resources/problem.ts';
import {plain, plainLine} from '../text/plain.ts';
import {runChange} from './change.ts';
import {begin, chooseOne, formatDocument, outputFormat, print} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import {minute, table} from './text-report.ts';
import {watchImages} from './watch-images.ts';

/**
 * `gitops-tui images ENVIRONMENT [IMAGE…]`: what registries have for the images of an environment. Gives 0 where all are
 * what their policies ask for, 1 where something is newer, 2 where something could not be told. With --update it plans the
 * updates as a change of git, whose exit statuses are those of `runChange`.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const changing = flags.yes || flags.dryRun || flags.pullRequest;
  if (changing && !flags.update) throw new UsageError('images changes something only with --update');
  if (flags.update && flags.watch) throw new UsageError('--watch only looks: it does not go with --update');
  if (flags.update && outputFormat(flags) !== 'text')
    throw new UsageError('--output is for looking: it does not go with --update');
  if (flags.watch && outputFormat(flags) === 'yaml') throw new UsageError('--watch prints text or json');
  const {session, loaded, signal} = await begin(flags);
  try {
    const {name} = chooseOne(loaded, words[0], 'images');
    const wanted = words.slice(1);
    if (flags.watch) return await watchImages(session, name, report => shown(report, wanted, flags), signal);
    const report = await session.imageUpdates(name, signal, () => {}, {fresh: false});
    if (flags.update) return await update(session, report, wanted, flags, signal);
    await print(shown(report, wanted, flags));
    return exitStatus(select(report, wanted));
  } finally {
    session.close();
  }
}

function shown(report: ImageReport, wanted: readonly string[], flags: Flags): string {
  const images = select(report, wanted);
  const format = outputFormat(flags);
  if (format === 'text') return imagesText({...report, images});
  return formatDocument(imagesDocument({...report, images}), format);
}

async function update(
  session: Session,
  report: ImageReport,
  wanted: readonly string[],
  flags: Flags,
  signal: AbortSignal,
): Promise<number> {
  const images = select(report, wanted);
  // Nobody stated a policy for a suggestion: whoever names the image has looked at it.
  const takes = ({state}: ImageUpdate) => state === 'newer' || (state === 'suggested' && wanted.length > 0);
  const updates = updatesOf(images.filter(takes));
  for (const {image, problem} of images)
    if (problem !== null) process.stderr.write(`${plainLine(image)}: ${plainLine(problem)}\n`);
  if (updates.length === 0) {
    await print(imagesText({...report, images}));
    await print('Nothing to update: no policy asks for another image.\n');
    return images.some(({state}) => state === 'unknown') ? 2 : 0;
  }
  return runChange(session, {kind: 'images', environment: report.environment, updates}, flags, signal);
}

/** The updates to ask for of these images. */
export function updatesOf(images: readonly ImageUpdate[]): ImagesRequest['updates'] {
  return images.flatMap(({image, target, marker}) => (target === null ? [] : [{image, target, marker}]));
}

/** The images that were named, as git writes them or without their tag; all where none was. Throws UsageError. */
export function select({images}: ImageReport, wanted: readonly string[]): readonly ImageUpdate[] {
  for (const word of wanted) {
    if (images.some(({image}) => isNamed(image, word))) continue;
    throw new UsageError(
      `no image "${word}" is in git; there are ${images.map(({image}) => image).join(', ')}`,
    );
  }
  return wanted.length === 0 ? images : images.filter(({image}) => wanted.some(word => isNamed(image, word)));
}

function isNamed(image: string, word: string): boolean {
  const reference = parseImage(image);
  if (image === word || reference === null) return image === word;
  const {name, registry, repository} = reference;
  return word === name || word === `${registry}/${repository}` || word === name.split('/').at(-1);
}

/** 0: all as the policies ask; 1: something is newer; 2: something could not be told. */
export function exitStatus(images: readonly ImageUpdate[]): number {
  if (images.some(({state}) => state === 'unknown')) return 2;
  return images.some(({state}) => state === 'newer' || state === 'suggested') ? 1 : 0;
}

const states: Record<ImageUpdate['state'], string> = {
  pending: '…',
  current: 'current',
  newer: 'newer',
  suggested: 'suggested',
  unknown: 'unknown',
};

/** What registries have, for people. */
export function imagesText({images, problems}: ImageReport): string {
  const rows = images.map(image => [
    image.image,
    states[image.state],
    image.target === null ? '' : (image.targetTag ?? ''),
    image.step ?? '',
    image.created === null ? '' : minute(image.created),
    // A label holds whatever its builder wrote: mostly a full commit.
    (image.revision ?? '').slice(0, 12),
    policyText(image),
  ]);
  const lines =
    images.length === 0
      ? ['No image is in git.']
      : table([['IMAGE', 'STATE', 'TO', 'STEP', 'BUILT (UTC)', 'REVISION', 'POLICY'], ...rows]);
  for (const {image, live} of images)
    if (live.length > 0) lines.push(`${image}: ${live.join(', ')} runs instead`);
  for (const {image, problem} of images) if (problem !== null) lines.push(`${image}: ${problem}`);
  for (const problem of problems) lines.push(`${problem.severity}: ${formatProblem(problem)}`);
  return plain(`${lines.join('\n')}\n`);
}

function policyText({policy}: ImageUpdate): string {
  return policy === null ? 'none' : `${policy.words}${policy.words === '' ? '' : ', '}${policy.name}`;
}

/** The same for machines. */
export function imagesDocument({environment, images, problems}: ImageReport): JsonObject {
  return {
    schemaVersion: 1,
    environment,
    images: images.map(image => ({
      image: image.image,
      users: image.users.map(({id, container}) => ({...id, container})),
      live: [...image.live],
      policy: image.policy === null ? null : {...image.policy},
      state: image.state,
      target: image.target,
      step: image.step,
      created: image.created,
      revision: image.revision,
      problem: image.problem,
    })),
    errors: problems.map(problem => formatProblem(problem)),
  };
}
