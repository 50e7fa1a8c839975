import type {Revision} from '../session.ts';
import {chosenIndex, emptyList, settle} from './list.ts';
import {ask, isWaiting, takeBack} from './requests.ts';
import {type AppState, type CommitDetail, currentScreen, type RevisionsScreen} from './state.ts';

/** Revisions that are asked for at once. */
export const pageSize = 50;

/** A fresh screen of an environment's revisions. */
export function revisionsScreen(environment: string): RevisionsScreen {
  return {
    id: 'revisions',
    environment,
    list: emptyList,
    revisions: [],
    more: true,
    details: new Map(),
    failure: null,
  };
}

/** The chosen revision; undefined while there is none. */
export function chosenRevision(screen: RevisionsScreen): Revision | undefined {
  return screen.revisions[chosenIndex(screen.list, revisionKeys(screen))];
}

/** The keys of the revisions: their SHAs. */
export function revisionKeys(screen: RevisionsScreen): string[] {
  return screen.revisions.map(({sha}) => sha);
}

/** Asks for the next page of revisions. */
export function askRevisions(state: AppState, screen: RevisionsScreen): AppState {
  return ask(state, 'screen', {
    name: 'revisions',
    environment: screen.environment,
    skip: screen.revisions.length,
    limit: pageSize,
  });
}

/** Asks for what the screen lacks: the chosen commit's files and, near the end, older revisions. */
export function completeRevisions(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'revisions') return state;
  const chosen = chosenRevision(screen);
  let next = state;
  if (chosen !== undefined && !screen.details.has(chosen.sha)) {
    const {environment} = screen;
    const isIt = (call: {name: string; sha?: string}) =>
      call.name === 'commitDetail' && call.sha === chosen.sha;
    if (!isWaiting(state, isIt)) {
      next = takeBack(next, ({call}) => call.name === 'commitDetail');
      next = ask(next, 'screen', {name: 'commitDetail', environment, sha: chosen.sha});
    }
  }
  const nearEnd = chosenIndex(screen.list, revisionKeys(screen)) >= screen.revisions.length - 5;
  const asking = isWaiting(state, call => call.name === 'revisions');
  if (screen.more && nearEnd && screen.revisions.length > 0 && !asking && screen.failure === null) {
    next = askRevisions(next, screen);
  }
  return next;
}

/** The screen with one more page, its selection on its commit. */
export function withPage(
  screen: RevisionsScreen,
  skip: number,
  page: {revisions: readonly Revision[]; more: boolean},
  height: number,
): RevisionsScreen {
  const revisions = [...screen.revisions.slice(0, skip), ...page.revisions];
  const known = {...screen, revisions, more: page.more, failure: null};
  return {...known, list: settle(known.list, revisionKeys(known), height)};
}

/** The screen with what a commit changes, also where that failed: or it would be asked for ever. */
export function withDetail(screen: RevisionsScreen, sha: string, detail: CommitDetail): RevisionsScreen {
  return {...screen, details: new Map(screen.details).set(sha, detail)};
}
