import type {Session} from '../session.ts';
import {runFollows} from './follow.ts';
import {runJournalFollow} from './follow-journal.ts';
import {runPullRequestFollow} from './follow-pull-request.ts';
import {runRequests} from './runner.ts';
import type {Store} from './store.ts';

/**
 * Begins with a session that was made: tells the state of it, asks it what the state asks for, follows what it follows.
 * Gives the functions that end that. Nothing is begun where the user has quit before there was a session.
 */
export function runSession(store: Store, opened: Session): readonly (() => void)[] {
  if (store.state().exit !== null) return [];
  const {version, readOnly, worktree, demoHint, revealsSecrets} = opened;
  store.dispatch({type: 'opened', session: {version, readOnly, worktree, demoHint, revealsSecrets}});
  return [
    runRequests(store, opened),
    runFollows(store, opened),
    runPullRequestFollow(store, opened),
    runJournalFollow(store, opened),
  ];
}
