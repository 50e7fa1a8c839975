import {formatIdentity} from '../../../resources/identity.ts';
import {formatProblem, type Problem} from '../../../resources/problem.ts';
import type {ImageEvent, ImageReport, ImagesRequest, ImageUpdate} from '../../session.ts';
import type {CallEvent} from '../calls.ts';
import {imagesHeight} from '../layout.ts';
import {settle} from '../lists/list.ts';
import {Arranger, chosenOf, freshView, latestFirst, type Shown} from '../lists/listing.ts';

import {ask, isWaiting, takeBack} from '../requests.ts';
import {type AppState, currentScreen, type ImagesScreen} from '../state.ts';

// Registries are asked again while the screen is open, so seldom that it is no burden to them; not by all at the same time.
const oldAfter = 4 * 60_000;
const jitter = 2 * 60_000;

/** A fresh screen of an environment's images. */
export function imagesScreen(environment: string): ImagesScreen {
  return {
    id: 'images',
    environment,
    ...freshView,
    images: null,
    problems: [],
    failure: null,
    settledAt: null,
    announced: [],
  };
}

/** What keeps the list from being the whole truth; null where nothing does. */
export function imagesTrouble({failure, problems}: ImagesScreen): Problem | null {
  if (failure !== null) return failure;
  const errors = problems.filter(({severity}) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return null;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return {severity: 'error', message: `images may be missing: ${formatProblem(first)}${more}`};
}

const urgency: Record<ImageUpdate['state'], number> = {
  newer: 0,
  unknown: 1,
  suggested: 2,
  pending: 3,
  current: 4,
};

/** The images, by their names as git writes them. */
export const imageList = new Arranger<ImageUpdate>({
  key: ({image}) => image,
  fields: {
    image: ({image}) => image,
    state: ({state}) => state,
    to: ({targetTag}) => targetTag ?? '',
    step: ({step}) => step ?? '',
    policy: ({policy}) => (policy === null ? 'none' : [policy.words, policy.name]),
    used: ({users}) => users.map(({id, container}) => `${formatIdentity(id)} ${container}`),
  },
  orders: [
    {by: 'listed'},
    {by: 'state', way: 'down', key: ({state}) => urgency[state]},
    {by: 'name', way: 'up', key: ({image}) => image},
    {by: 'built', way: 'down', key: ({created}) => latestFirst(created)},
  ],
  isDrift: ({state}) => state !== 'current',
  canMark: image => (isBumpable(image) ? true : 'there is nothing to update it to'),
  // What is only suggested is marked one by one.
  isWanted: ({state}) => state === 'newer',
});

const none: readonly ImageUpdate[] = [];

/** The images as they are shown. */
export function shownImages(screen: ImagesScreen): Shown<ImageUpdate> {
  return imageList.shown(screen.images ?? none, screen);
}

/** The keys of the images that are shown. */
export function imageKeys(screen: ImagesScreen): readonly string[] {
  return shownImages(screen).keys;
}

/** The chosen image; undefined while there is none. */
export function chosenImage(screen: ImagesScreen): ImageUpdate | undefined {
  return chosenOf(screen, shownImages(screen));
}

/** Asks what the registries have; an answer that is awaited is for the screen as it was. */
export function askImages(state: AppState, environment: string, fresh: boolean): AppState {
  const left = takeBack(state, ({call}) => call.name === 'imageUpdates');
  return ask(left, 'screen', {name: 'imageUpdates', environment, fresh});
}

/** Asks again once the answers are old. */
export function tickImages(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'images' || screen.settledAt === null || state.dialog !== null) return state;
  if (isWaiting(state, ({name}) => name === 'imageUpdates')) return state;
  const pause = oldAfter + ((state.nextToken * 7919) % jitter);
  return state.now - screen.settledAt < pause ? state : askImages(state, screen.environment, true);
}

/** The state after what its question tells on the way. */
export function withImageNews(state: AppState, events: readonly CallEvent[]): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'images') return state;
  const told = events.flatMap(event => (event.of === 'images' ? [event.event] : []));
  return replaceScreen(state, told.reduce(withImageEvent, screen));
}

/** The screen after what its question tells on the way. What is known stays until its new answer is there. */
function withImageEvent(screen: ImagesScreen, event: ImageEvent): ImagesScreen {
  if (event.type === 'image') {
    const images = screen.images?.map(known => (known.image === event.image.image ? event.image : known));
    return {...screen, images: images ?? null};
  }
  const before = new Map(screen.images?.map(image => [image.image, image]));
  return {...screen, images: event.images.map(image => before.get(image.image) ?? image), failure: null};
}

/** The state with all answers, and what is newer since the last time in the footer. */
export function withImageReport(state: AppState, screen: ImagesScreen, report: ImageReport): AppState {
  const {images, problems} = report;
  const known = new Set(screen.settledAt === null ? [] : screen.announced);
  const newer = images.filter(({state: at, target}) => at === 'newer' && target !== null);
  const fresh = newer.filter(({target}) => target !== null && !known.has(target));
  const kept = new Set(images.filter(isBumpable).map(({image}) => image));
  const next: ImagesScreen = {
    ...screen,
    images,
    problems,
    failure: null,
    settledAt: state.now,
    marked: new Set([...screen.marked].filter(key => kept.has(key))),
    announced: newer.flatMap(({target}) => target ?? []),
  };
  const shown = replaceScreen(state, {
    ...next,
    list: settle(next.list, imageKeys(next), imagesHeight(state)),
  });
  const [first] = fresh;
  if (screen.settledAt === null || first === undefined) return shown;
  const more = fresh.length > 1 ? ` and ${fresh.length - 1} more` : '';
  return {...shown, notice: {text: `new: ${first.target}${more}`, tone: 'drift'}};
}

/** The state after it could not be asked at all: what was known stays. */
export function withImageFailure(state: AppState, screen: ImagesScreen, failure: Problem): AppState {
  return replaceScreen(state, {...screen, failure, settledAt: state.now});
}

/** True for an image that can be brought to another version. */
export function isBumpable({state, target}: ImageUpdate): boolean {
  return target !== null && (state === 'newer' || state === 'suggested');
}

/** The change of git for the marked images, else for the chosen one; a sentence where there is none. */
export function imagesRequest(screen: ImagesScreen): ImagesRequest | string {
  const chosen = chosenImage(screen);
  const images =
    screen.marked.size > 0
      ? (screen.images ?? []).filter(({image}) => screen.marked.has(image))
      : chosen === undefined
        ? []
        : [chosen];
  const updates = images
    .filter(isBumpable)
    .flatMap(({image, target, marker}) => (target === null ? [] : [{image, target, marker}]));
  if (updates.length > 0) return {kind: 'images', environment: screen.environment, updates};
  if (chosen === undefined) return 'choose an image first';
  return chosen.state === 'pending'
    ? 'its registry has not answered yet'
    : 'there is nothing to update it to';
}

/** The state with the images screen in another state. */
function replaceScreen(state: AppState, screen: ImagesScreen): AppState {
  if (currentScreen(state).id !== 'images') return state;
  const [first, ...rest] = state.screens;
  return {...state, screens: [first, ...rest.slice(0, -1), screen]};
}
