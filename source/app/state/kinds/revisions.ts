import type {Problem} from '../../../resources/problem.ts';
import {inspect} from '../inspections.ts';
import {revisionsHeight} from '../layout.ts';
import {settle} from '../lists/list.ts';
import {problemSentence} from '../problems.ts';
import {takeBack} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {
  askKnown,
  chosenRevision,
  comparedAs,
  completeRevisions,
  forReport,
  revisionKeys,
  revisionList,
  shownRevisions,
  withDetail,
  withEffect,
  withNoted,
  withNotes,
  withPage,
  withPullRequest,
} from '../screens/revisions-screen.ts';
import {environmentNamed, type RevisionsScreen} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

/** The commits of an environment. */
export const revisions: ScreenKind<RevisionsScreen> = {
  listing: flat(revisionList, (_state, screen) => shownRevisions(screen), revisionsHeight),
  rows: (state, screen) => ({keys: revisionKeys(screen), height: revisionsHeight(state)}),
  above: () => 3,
  hasMore: ({more}) => more,
  refresh(state, screen) {
    const left = takeBack(inspect(state, screen.environment, false), ({owner}) => owner === 'screen');
    // What is there stays until the answer, and so does the choice, however far down it is.
    const fresh = {...screen, failure: null, noted: {as: null, shas: new Set<string>()}};
    return askKnown(replaceScreen(left, fresh), fresh);
  },
  settle(state, screen) {
    const list = settle(screen.list, revisionKeys(screen), revisionsHeight(state));
    const moved = list === screen.list ? screen : {...screen, list};
    const next = forReport(moved, comparedAs(environmentNamed(state, screen.environment)));
    // What is being told is told by the report before.
    const current = next === moved ? state : takeBack(state, ({call}) => call.name === 'revisionNotes');
    return completeRevisions(next === screen ? current : replaceScreen(current, next));
  },
  news(state, screen, events) {
    const notes = events.flatMap(news => (news.of === 'revisionNotes' ? [news.event] : []));
    return replaceScreen(state, withNotes(screen, notes));
  },
  answered(state, screen, call, answer) {
    const next = (): RevisionsScreen => {
      if (call.name === 'revisions' && answer.name === call.name)
        return withPage(screen, call.range.skip, answer.value, revisionsHeight(state));
      if (call.name === 'commitDetail' && answer.name === call.name)
        return withDetail(screen, call.sha, {...answer.value, problem: null});
      if (call.name === 'commitEffect' && answer.name === call.name)
        return withEffect(screen, call.sha, answer.value);
      if (call.name === 'commitPullRequest' && answer.name === call.name)
        return withPullRequest(screen, call.sha, answer.value);
      return call.name === 'revisionNotes' ? withNoted(screen, call.question.shas) : screen;
    };
    return replaceScreen(state, next());
  },
  failed(state, screen, call, problem) {
    const next = (): RevisionsScreen => {
      switch (call.name) {
        case 'revisions':
          return {...screen, failure: problem};
        case 'commitDetail':
          return withDetail(screen, call.sha, {files: [], patch: '', problem});
        case 'commitEffect':
          return withEffect(screen, call.sha, unknownEffect(problem));
        case 'commitPullRequest':
          return withPullRequest(screen, call.sha, null);
        case 'revisionNotes':
          return withNoted(screen, call.question.shas);
        default:
          return screen;
      }
    };
    return replaceScreen(state, next());
  },
  /** As much of the log as is known, so that the choice stays where it is. */
  gitMoved(state, screen) {
    // An older page would be of the log as it was.
    return askKnown(
      takeBack(state, ({call}) => call.name === 'revisions'),
      screen,
    );
  },
  copyable: (_state, screen) => chosenRevision(screen)?.sha ?? null,
};

function unknownEffect(problem: Problem): {problem: string} {
  return {problem: problemSentence(problem)};
}
