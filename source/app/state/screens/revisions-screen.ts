import type {PullRequest, RenderedEffect, Revision, RevisionNote, RevisionPage} from '../../session.ts';
import type {Call} from '../calls.ts';
import {revisionsHeight} from '../layout.ts';
import {chosenIndex, settle} from '../lists/list.ts';
import {Arranger, chosenOf, freshView, type Shown} from '../lists/listing.ts';
import {ask, isWaiting, takeBack} from '../requests.ts';
import {
  type AppState,
  type CommitDetail,
  currentScreen,
  type EnvironmentState,
  environmentNamed,
  type RevisionsScreen,
} from '../state.ts';

/** Revisions that are asked for at once. */
export const pageSize = 50;

/** A fresh screen of an environment's revisions. */
export function revisionsScreen(environment: string): RevisionsScreen {
  return {
    id: 'revisions',
    environment,
    ...freshView,
    tip: null,
    revisions: [],
    more: true,
    missing: null,
    notes: new Map(),
    noted: {as: null, shas: new Set()},
    details: new Map(),
    effects: new Map(),
    pullRequests: new Map(),
    failure: null,
  };
}

/** The revisions that are known, by their SHAs. Sorted is what is known of them, not all of history. */
export const revisionList = new Arranger<Revision>({
  key: ({sha}) => sha,
  fields: {
    sha: ({sha}) => sha,
    author: ({author, email}) => [author, email],
    subject: ({subject}) => subject,
    tag: ({tags, refs}) => [...tags, ...refs],
    pr: ({pullRequest}) => pullRequest?.mark ?? '',
  },
  orders: [
    {by: 'log'},
    {by: 'author', way: 'up', key: ({author}) => author.toLowerCase()},
    {by: 'subject', way: 'up', key: ({subject}) => subject.toLowerCase()},
  ],
});

/** The revisions as they are shown. */
export function shownRevisions(screen: RevisionsScreen): Shown<Revision> {
  return revisionList.shown(screen.revisions, screen);
}

/** The chosen revision; undefined while there is none. */
export function chosenRevision(screen: RevisionsScreen): Revision | undefined {
  return chosenOf(screen, shownRevisions(screen));
}

/** The keys of the revisions that are shown. */
export function revisionKeys(screen: RevisionsScreen): readonly string[] {
  return shownRevisions(screen).keys;
}

/**
 * A revision with what was found out about it since; what of it is of an older inspection is stale. In how many fields live
 * differs is not known while the cluster can't be asked: a number from before says nothing of now.
 */
export function notedRevision(
  screen: RevisionsScreen,
  revision: Revision,
): Revision & Pick<RevisionNote, 'signature' | 'differences'> & {stale: boolean} {
  const noted = {...revision, ...screen.notes.get(revision.sha)};
  const unknown = screen.noted.as === 'failed' && noted.differences !== undefined ? {differences: null} : {};
  return {...noted, ...unknown, stale: !screen.noted.shas.has(revision.sha)};
}

/** As of what the revisions of an environment are told: its report, or that its cluster can't be asked now. */
export function comparedAs(known: EnvironmentState | undefined): RevisionsScreen['noted']['as'] {
  return known === undefined ? null : known.failure !== null ? 'failed' : known.report;
}

/** Asks for the next page of revisions. */
export function askRevisions(state: AppState, screen: RevisionsScreen): AppState {
  return ask(state, 'screen', {
    name: 'revisions',
    environment: screen.environment,
    range: {
      skip: screen.revisions.length,
      // A filter may leave little of a page: then more is read at a time.
      limit: screen.filter === '' ? pageSize : 10 * pageSize,
      quick: true,
      ...(screen.tip === null ? {} : {tip: screen.tip}),
    },
  });
}

/** Asks anew for the log as far down as the choice is: more of it is asked for when it comes into sight. */
export function askKnown(state: AppState, screen: RevisionsScreen): AppState {
  const known = screen.revisions.findIndex(({sha}) => sha === screen.list.key);
  // Commits that came on top since move it down.
  const wanted = Math.max(known, screen.list.top + revisionsHeight(state)) + pageSize / 2;
  const limit = Math.ceil(wanted / pageSize) * pageSize;
  return ask(state, 'screen', {
    name: 'revisions',
    environment: screen.environment,
    range: {skip: 0, limit: Math.max(pageSize, limit), quick: true},
  });
}

/**
 * Asks for what the screen lacks: the chosen commit's files, then what it does; what takes its time of the rows in sight;
 * and, near the end, older revisions.
 */
export function completeRevisions(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'revisions') return state;
  let next = askDetail(state, screen);
  next = askPullRequest(next, screen);
  next = askNotes(next, screen);
  const keys = revisionKeys(screen);
  const nearEnd = chosenIndex(screen.list, keys) >= keys.length - 5;
  const inSight = screen.list.top + revisionsHeight(state) >= keys.length;
  const asking = isWaiting(state, call => call.name === 'revisions');
  if (screen.more && (nearEnd || inSight) && !asking && screen.failure === null)
    next = askRevisions(next, screen);
  return next;
}

function askDetail(state: AppState, screen: RevisionsScreen): AppState {
  const chosen = chosenRevision(screen);
  if (chosen === undefined) return state;
  const {environment} = screen;
  const {sha} = chosen;
  const name = screen.details.has(sha) ? 'commitEffect' : 'commitDetail';
  if (name === 'commitEffect' && screen.effects.has(sha)) return state;
  const isIt = (call: Call) => call.name === name && call.sha === sha;
  if (isWaiting(state, isIt)) return state;
  const left = takeBack(state, ({call}) => call.name === 'commitDetail' || call.name === 'commitEffect');
  return ask(left, 'screen', {name, environment, sha});
}

/** The forge is asked for the commit on which the cursor rests only: it counts how often it is asked. */
function askPullRequest(state: AppState, screen: RevisionsScreen): AppState {
  const sha = chosenRevision(screen)?.sha;
  const isIt = (call: Call) => call.name === 'commitPullRequest' && call.sha === sha;
  const left = takeBack(state, ({call}) => call.name === 'commitPullRequest' && !isIt(call));
  if (sha === undefined || !screen.details.has(sha) || screen.pullRequests.has(sha) || isWaiting(left, isIt))
    return left;
  return ask(left, 'screen', {name: 'commitPullRequest', environment: screen.environment, sha});
}

/** Rows in sight of which something is not told yet, or of an older report of the environment: the chosen one first. */
function askNotes(state: AppState, screen: RevisionsScreen): AppState {
  const {environment, tip, list} = screen;
  if (tip === null) return state;
  const chosen = chosenRevision(screen)?.sha;
  const keys = revisionKeys(screen);
  const shown = keys.slice(list.top, list.top + revisionsHeight(state));
  const shas = shown.filter(sha => !screen.noted.shas.has(sha));
  if (shas.length === 0) return takeBack(state, ({call}) => call.name === 'revisionNotes');
  const isEnough = (call: Call) =>
    call.name === 'revisionNotes' && shas.every(sha => call.question.shas.includes(sha));
  if (isWaiting(state, isEnough)) return state;
  const left = takeBack(state, ({call}) => call.name === 'revisionNotes');
  const as = comparedAs(environmentNamed(state, environment));
  const isCompared = as !== null && as !== 'failed';
  return ask(left, 'screen', {
    name: 'revisionNotes',
    environment,
    question: {
      tip,
      shas: shas.sort((a, b) => Number(b === chosen) - Number(a === chosen)),
      about: isCompared ? ['state', 'signature', 'differences'] : ['state', 'signature'],
    },
  });
}

/** The screen with one more page, its selection on its commit. */
export function withPage(
  screen: RevisionsScreen,
  skip: number,
  page: RevisionPage,
  height: number,
): RevisionsScreen {
  const {tip, more, missing} = page;
  // From the top: also what the cluster says may be another thing by now.
  const noted = skip === 0 ? {as: null, shas: new Set<string>()} : screen.noted;
  const revisions = [...screen.revisions.slice(0, skip), ...page.revisions];
  const known = {...screen, tip, revisions, more, missing, noted, failure: null};
  return {...known, list: settle(known.list, revisionKeys(known), height)};
}

/** The screen with what a commit changes, also where that failed: or it would be asked for ever. */
export function withDetail(screen: RevisionsScreen, sha: string, detail: CommitDetail): RevisionsScreen {
  return {...screen, details: new Map(screen.details).set(sha, detail)};
}

/** The same with what it does, rendered. */
export function withEffect(
  screen: RevisionsScreen,
  sha: string,
  effect: RenderedEffect | {problem: string},
): RevisionsScreen {
  return {...screen, effects: new Map(screen.effects).set(sha, effect)};
}

/** The screen with the pull request that brought a commit; null where none is known. */
export function withPullRequest(
  screen: RevisionsScreen,
  sha: string,
  request: PullRequest | null,
): RevisionsScreen {
  return {...screen, pullRequests: new Map(screen.pullRequests).set(sha, request)};
}

/** The screen with what was told of some revisions. */
export function withNotes(screen: RevisionsScreen, told: readonly RevisionNote[]): RevisionsScreen {
  const notes = new Map(screen.notes);
  for (const note of told) notes.set(note.sha, {...notes.get(note.sha), ...note});
  return {...screen, notes};
}

/** The screen after all was told of some revisions, or it failed: they are not asked for again, until something moves. */
export function withNoted(screen: RevisionsScreen, shas: readonly string[]): RevisionsScreen {
  return {...screen, noted: {...screen.noted, shas: new Set([...screen.noted.shas, ...shas])}};
}

/** The screen for a report of its environment: what was told by an older one is to be told again. */
export function forReport(screen: RevisionsScreen, as: RevisionsScreen['noted']['as']): RevisionsScreen {
  return screen.noted.as === as ? screen : {...screen, noted: {as, shas: new Set()}};
}
