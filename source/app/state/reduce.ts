import type {Action} from './actions.ts';
import {reduceAnswer, reduceFailure, reduceRevisionNews, refreshFromGit} from './answers.ts';
import {changesTheWorld} from './calls.ts';
import {dialogField} from './dialog.ts';
import {
  feedDialog,
  hideWhenMoved,
  hideWhenOver,
  openChangeDialog,
  openDialog,
  openRequestDialog,
  withDialogNews,
} from './dialogs.ts';
import {chosenDiff} from './diff-of.ts';
import {environmentScreen, keysOf, moveTree, reduceTree, rowsOf, settleTree} from './environment-screen.ts';
import {
  askImages,
  imageKeys,
  imagesScreen,
  reduceImages,
  tickImages,
  withImageNews,
} from './images-screen.ts';
import {afterFollowed, afterInspectionNews, afterTick, inspect} from './inspections.ts';
import {
  diffHeight,
  imagesHeight,
  overviewRows,
  panelRows,
  pullRequestsHeight,
  revisionsHeight,
  treeHeight,
} from './layout.ts';
import {choose, chosenIndex, scroll, settle, step} from './list.ts';
import {nextSort, shownEnvironments, shownNames} from './overview-order.ts';
import {movePromotion, reducePromotion, refreshPromotion, settlePromotion} from './promotion-actions.ts';
import {
  afterSeen,
  askPullRequests,
  completePullRequests,
  pullRequestKeys,
  pullRequestsScreen,
} from './pull-requests-screen.ts';
import {ask, isWaiting, takeBack} from './requests.ts';
import {
  askRevisions,
  completeRevisions,
  forReport,
  revisionKeys,
  revisionsScreen,
} from './revisions-screen.ts';
import {pushScreen, replaceScreen} from './screens.ts';
import {type AppState, currentEnvironment, currentScreen, environmentNamed} from './state.ts';

/**
 * The app's only state machine: the state after an action at a time (ms). Pure: questions to the session are data in
 * `requests`, which the effects ask and take back.
 */
export function reduce(state: AppState, action: Action, now: number): AppState {
  return settled(reduceAction({...state, now}, action));
}

function reduceAction(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'opened': {
      const readOnly = state.readOnly || action.session.readOnly;
      return ask({...state, session: action.session, readOnly}, 'app', {name: 'load'});
    }
    case 'resized':
      return {...state, size: {columns: action.columns, rows: action.rows}};
    case 'answered':
      return reduceAnswer(
        action.answer.name === 'inspect' ? hideWhenMoved(state, action.answer.value.environment) : state,
        action.token,
        action.answer,
      );
    case 'failed':
      return reduceFailure(state, action.token, action.problem);
    case 'news': {
      const request = state.requests.find(({token}) => token === action.token);
      if (request === undefined) return state;
      if (request.call.name === 'revisionNotes') return reduceRevisionNews(state, action.events);
      if (request.call.name === 'imageUpdates') return withImageNews(state, action.events);
      if (request.call.name !== 'inspect') return withDialogNews(state, action.events);
      return request.call.quiet ? state : afterInspectionNews(state, request.call.environment, action.events);
    }
    case 'followed':
      return afterFollowed(hideWhenMoved(state, action.environment), action.environment, action.event);
    case 'repository':
      return refreshFromGit({...state, repository: action.repository});
    case 'tick':
      return tickImages(afterTick(hideWhenOver(state)));
    case 'refresh':
      return refresh(state);
    case 'fetch':
      return isWaiting(state, ({name}) => name === 'fetch') ? state : ask(state, 'app', {name: 'fetch'});
    case 'move':
      return move(state, action);
    case 'enter':
      return enter(state);
    case 'back':
      return back(state);
    case 'go-to': {
      const known = shownEnvironments(state)[action.index];
      return known === undefined ? state : goTo(state, known.environment.name);
    }
    case 'revisions': {
      const known = currentEnvironment(state);
      if (known === undefined) return state;
      const screen = revisionsScreen(known.environment.name);
      return askRevisions(pushScreen(state, screen), screen);
    }
    case 'pull-requests': {
      const at = currentScreen(state);
      const environment = at.id === 'overview' ? null : at.environment;
      return askPullRequests(pushScreen(state, pullRequestsScreen(environment)));
    }
    case 'pull-request-scope': {
      const at = currentScreen(state);
      if (at.id !== 'pull-requests') return state;
      const before = state.screens.at(-2);
      const name =
        before === undefined || before.id === 'overview' ? state.screens[0].list.key : before.environment;
      return replaceScreen(state, {...at, environment: at.environment === null ? name : null});
    }
    case 'pull-request-seen':
      return afterSeen(state, action.number, action.seen);
    case 'open-merge':
      return openRequestDialog(state, 'merge');
    case 'open-edit-request':
      return openRequestDialog(state, 'edit');
    case 'images': {
      const known = currentEnvironment(state);
      if (known === undefined) return state;
      const {name} = known.environment;
      return askImages(pushScreen(state, imagesScreen(name)), name, false);
    }
    case 'sort': {
      const [overview, ...rest] = state.screens;
      return {...state, screens: [{...overview, sort: nextSort(overview.sort)}, ...rest]};
    }
    case 'overlay':
      return {...state, overlay: action.overlay};
    case 'text':
      return text(state, action.text);
    case 'open-sync':
    case 'open-revert':
    case 'open-baseline':
    case 'open-to-baseline':
    case 'open-pull-request':
    case 'open-context':
    case 'open-reveal':
      return openDialog(state, action.type);
    case 'open-change':
      return openChangeDialog(state, action.request, action.about);
    case 'promotion':
    case 'promotion-mark':
    case 'promotion-from':
    case 'promotion-plan':
    case 'versions':
    case 'versions-column':
    case 'versions-differing':
      return reducePromotion(state, action);
    case 'say':
      return {...state, notice: {text: action.text, tone: action.tone}};
    case 'hush':
      return state.notice === null ? state : {...state, notice: null};
    case 'quit':
      return {...takeBack(state, ({call}) => !changesTheWorld(call)), exit: action.code};
    case 'dialog-focus':
    case 'dialog-press':
    case 'dialog-leave':
    case 'dialog-toggle':
    case 'dialog-request':
    case 'dialog-via':
    case 'dialog-method':
    case 'dialog-resolved':
    case 'dialog-edit':
    case 'dialog-body':
    case 'dialog-retry':
    case 'dialog-scroll':
      return feedDialog(state, action);
    default: {
      const screen = currentScreen(state);
      if (screen.id === 'images') return reduceImages(state, screen, action);
      if (screen.id !== 'environment') return state;
      return replaceScreen(state, reduceTree(screen, rowsOf(state, screen), action, treeHeight(state)));
    }
  }
}

function move(state: AppState, action: Extract<Action, {type: 'move'}>): AppState {
  if (state.overlay !== null) {
    const top = scroll(state.overlay.top, action.by, action.length ?? 0, panelRows(state));
    return {...state, overlay: {...state.overlay, top}};
  }
  if (state.dialog !== null) {
    const {length = 0, height = 1} = action;
    const scrolled = {...state, dialogTop: scroll(state.dialogTop, action.by, length, height)};
    return feedDialog(scrolled, {type: 'dialog-scroll', by: action.by});
  }
  const screen = currentScreen(state);
  switch (screen.id) {
    case 'overview': {
      const names = shownNames(state);
      return replaceScreen(state, {
        ...screen,
        list: step(screen.list, action.by, names, overviewRows(state)),
      });
    }
    case 'environment': {
      const heights = {tree: treeHeight(state), diff: diffHeight(state)};
      const rows = rowsOf(state, screen);
      return replaceScreen(state, moveTree(screen, rows, action.by, heights, chosenDiff(state, screen)));
    }
    case 'pull-requests': {
      const keys = pullRequestKeys(state, screen);
      return replaceScreen(state, {
        ...screen,
        list: step(screen.list, action.by, keys, pullRequestsHeight(state)),
      });
    }
    case 'images': {
      const list = step(screen.list, action.by, imageKeys(screen), imagesHeight(state));
      return replaceScreen(state, {...screen, list});
    }
    case 'revisions': {
      const list = step(screen.list, action.by, revisionKeys(screen), revisionsHeight(state));
      return replaceScreen(state, {...screen, list});
    }
    case 'promotion':
    case 'versions':
      return replaceScreen(state, movePromotion(state, screen, action.by));
  }
}

function enter(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id === 'overview' || screen.id === 'versions') {
    const known = currentEnvironment(state);
    return known === undefined ? state : goTo(state, known.environment.name);
  }
  if (screen.id === 'environment') {
    const row = rowsOf(state, screen)[chosenIndex(screen.list, keysOf(rowsOf(state, screen)))];
    if (row === undefined) return state;
    // A field opens its diff; what holds others is folded or unfolded.
    const canFold = row.kind === 'namespace' || (row.kind === 'resource' && row.resource.fields.length > 0);
    const action = canFold
      ? ({type: 'fold', open: screen.folded.has(row.key)} as const)
      : ({type: 'pane'} as const);
    return replaceScreen(state, reduceTree(screen, rowsOf(state, screen), action, treeHeight(state)));
  }
  return state;
}

function back(state: AppState): AppState {
  if (state.overlay !== null) return {...state, overlay: null};
  if (state.dialog !== null) return feedDialog(state, {type: 'dialog-leave'});
  const screen = currentScreen(state);
  if (screen.id === 'environment') {
    if (screen.rangeFrom !== null) return replaceScreen(state, {...screen, rangeFrom: null});
    if (screen.pane === 'diff') return replaceScreen(state, {...screen, pane: 'tree'});
    if (screen.filter !== '') return replaceScreen(state, {...screen, filter: ''});
  }
  if (state.screens.length === 1) return state;
  const [first, ...rest] = state.screens;
  const left = takeBack({...state, screens: [first, ...rest.slice(0, -1)]}, ({owner}) => owner === 'screen');
  // What it waited for was taken back when it was covered; the other screens ask again for what they lack.
  return refreshPromotion(left);
}

function goTo(state: AppState, name: string): AppState {
  const [overview] = state.screens;
  const names = shownNames(state);
  const list = choose(overview.list, names.indexOf(name), names, overviewRows(state));
  const left = takeBack(state, ({owner}) => owner === 'screen');
  const shown: AppState = {...left, screens: [{...overview, list}, environmentScreen(name)]};
  const known = environmentNamed(state, name);
  const asked = isWaiting(state, call => call.name === 'inspect' && call.environment === name);
  return known?.report === null && !asked ? inspect(shown, name, false) : shown;
}

function refresh(state: AppState): AppState {
  if (state.failure !== null || !state.loaded || state.environments.length === 0) {
    if (state.session === null || isWaiting(state, ({name}) => name === 'load')) return state;
    return ask({...state, failure: null}, 'app', {name: 'load'});
  }
  const screen = currentScreen(state);
  if (screen.id === 'overview') {
    return state.environments.reduce((next, {environment}) => inspect(next, environment.name, false), state);
  }
  if (screen.id === 'pull-requests') {
    const left = takeBack(state, ({owner}) => owner === 'screen');
    const fresh = {...screen, failure: null, effects: new Map(), round: screen.round + 1};
    return askPullRequests(replaceScreen({...left, seen: new Map()}, fresh));
  }
  if (screen.id === 'images') return askImages(state, screen.environment, true);
  if (screen.id === 'promotion' || screen.id === 'versions') return refreshPromotion(state);
  const next = inspect(state, screen.environment, false);
  if (screen.id !== 'revisions') return next;
  const left = takeBack(next, ({owner}) => owner === 'screen');
  const fresh = {...revisionsScreen(screen.environment), list: screen.list, details: screen.details};
  return askRevisions(replaceScreen(left, fresh), fresh);
}

function text(state: AppState, value: string): AppState {
  if (state.dialog !== null && dialogField(state.dialog) !== null)
    return feedDialog(state, {type: 'text', text: value});
  const screen = currentScreen(state);
  return screen.id === 'environment' && screen.filtering
    ? replaceScreen(state, {...screen, filter: value})
    : state;
}

/** After anything: the selection on its object and in sight, the questions asked that the screen needs. */
function settled(state: AppState): AppState {
  const screen = currentScreen(state);
  switch (screen.id) {
    case 'overview': {
      const names = shownNames(state);
      const list = settle(screen.list, names, overviewRows(state));
      return list === screen.list ? state : replaceScreen(state, {...screen, list});
    }
    case 'environment': {
      const next = settleTree(screen, rowsOf(state, screen), treeHeight(state));
      return next === screen ? state : replaceScreen(state, next);
    }
    case 'pull-requests': {
      const list = settle(screen.list, pullRequestKeys(state, screen), pullRequestsHeight(state));
      return completePullRequests(list === screen.list ? state : replaceScreen(state, {...screen, list}));
    }
    case 'images': {
      const list = settle(screen.list, imageKeys(screen), imagesHeight(state));
      return list === screen.list ? state : replaceScreen(state, {...screen, list});
    }
    case 'revisions': {
      const list = settle(screen.list, revisionKeys(screen), revisionsHeight(state));
      const moved = list === screen.list ? screen : {...screen, list};
      const next = forReport(moved, environmentNamed(state, screen.environment)?.report ?? null);
      // What is being told is told by the report before.
      const current = next === moved ? state : takeBack(state, ({call}) => call.name === 'revisionNotes');
      return completeRevisions(next === screen ? current : replaceScreen(current, next));
    }
    case 'promotion':
    case 'versions':
      return settlePromotion(state, screen);
  }
}
