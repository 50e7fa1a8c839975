import type {Action} from './actions.ts';
import {reduceAnswer, reduceFailure} from './answers.ts';
import {changesTheWorld} from './calls.ts';
import {cancelWaiting} from './cancel.ts';
import {dialogField} from './dialogs/dialog.ts';
import {
  feedDialog,
  hideWhenMoved,
  hideWhenOver,
  openChangeDialog,
  openDialog,
  openProgramDialog,
  openRequestDialog,
  withDialogNews,
} from './dialogs/dialogs.ts';
import {goTo} from './go-to.ts';
import {afterFollowed, afterInspectionNews, afterTick} from './inspections.ts';
import {restored} from './last-view.ts';
import {panelRows} from './layout.ts';
import {scroll} from './lists/list.ts';
import {shownEnvironments} from './lists/overview-order.ts';
import {withHiddenTold, withoutSlip, withSlip} from './lists/slip.ts';
import {reducePalette} from './palette.ts';
import {leaveOutput, startProgram} from './program.ts';
import {ask, isWaiting, takeBack} from './requests.ts';
import {
  chooseShown,
  leaveView,
  moveShown,
  reduceListing,
  settleShown,
  showMovedGit,
  shown,
} from './screen-kinds.ts';
import {pushScreen, replaceScreen} from './screen-stack.ts';
import {commandLogScreen} from './screens/command-log-screen.ts';
import {askImages, imagesScreen} from './screens/images-screen.ts';
import {openEvents, openField, openLogs} from './screens/open-looks.ts';
import {problemsScreen} from './screens/problems-screen.ts';
import {reducePromotion} from './screens/promotion-actions.ts';
import {afterSeen, askPullRequests, pullRequestsScreen} from './screens/pull-requests-screen.ts';
import {askRevisions, revisionsScreen} from './screens/revisions-screen.ts';
import {withSyncNews} from './screens/sync-answers.ts';
import {showSync, stopSync} from './screens/sync-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from './state.ts';
import {leaveText, reduceText} from './text-overlay.ts';

/**
 * The app's only state machine: the state after an action at a time (ms). Pure: questions to the session are data in
 * `requests`, which the effects ask and take back.
 */
export function reduce(state: AppState, action: Action, now: number): AppState {
  const next = settleShown(reduceAction({...state, now}, action));
  return byItself.has(action.type) ? withSlip(state, next) : withHiddenTold(state, withoutSlip(next));
}

/** What happens without the user's doing. */
const byItself: ReadonlySet<Action['type']> = new Set([
  'answered',
  'failed',
  'news',
  'followed',
  'repository',
  'tick',
  'pull-request-seen',
  'hush',
  'say',
]);

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
      const {call, owner} = request;
      if (call.name === 'inspect')
        return call.quiet ? state : afterInspectionNews(state, call.environment, action.events);
      if (call.name === 'sync') return withSyncNews(state, call.plan.environment, action.events);
      if (owner !== 'screen') return withDialogNews(state, action.events);
      const {screen, kind} = shown(state);
      return kind.news?.(state, screen, action.events) ?? state;
    }
    case 'followed':
      return afterFollowed(hideWhenMoved(state, action.environment), action.environment, action.event);
    case 'repository':
      return showMovedGit({...state, repository: action.repository});
    case 'tick': {
      const ticked = afterTick(hideWhenOver(state));
      const {screen, kind} = shown(ticked);
      return kind.tick?.(ticked, screen) ?? ticked;
    }
    case 'refresh':
      return refresh(state);
    case 'fetch':
      return isWaiting(state, ({name}) => name === 'fetch') ? state : ask(state, 'app', {name: 'fetch'});
    case 'move':
      return move(state, action);
    case 'choose':
      return chooseShown(state, action.key);
    case 'enter': {
      const {screen, kind} = shown(state);
      return kind.enter?.(state, screen) ?? state;
    }
    case 'back':
      return back(state);
    case 'out':
      return out(state);
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
    case 'open-events':
      return openEvents(state);
    case 'open-logs':
      return openLogs(state);
    case 'open-field':
      return openField(state);
    case 'command-log':
      return pushScreen(state, commandLogScreen(environmentBelow(state)));
    case 'problems':
      return pushScreen(state, problemsScreen(environmentBelow(state)));
    case 'sync-show':
      return showSync(state, action.environment);
    case 'sync-stop':
      return stopSync(state, action.environment);
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
    case 'promotion-from':
    case 'promotion-plan':
    case 'versions':
    case 'versions-column':
      return reducePromotion(state, action);
    case 'say':
      return {...state, notice: {text: action.text, tone: action.tone}};
    case 'hush':
      return state.notice === null ? state : {...state, notice: null};
    case 'text-view':
    case 'text-gap':
    case 'text-jump':
      return reduceText(state, action);
    case 'theme':
      return {...state, appearance: {...state.appearance, theme: action.theme}};
    case 'background':
      return {...state, appearance: {...state.appearance, shade: action.shade}};
    case 'restore':
      return restored(state, action.view, reduceAction);
    case 'quit':
      return {...takeBack(state, ({call}) => !changesTheWorld(call)), exit: action.code};
    case 'open-program':
      return openProgramDialog(state, action.order);
    case 'run-program':
      // What may change something is asked about first, and that is where it is started.
      return action.order.changes
        ? openProgramDialog(state, action.order)
        : startProgram(state, {name: 'runProgram', order: action.order, confirmed: 'yes'});
    case 'palette-open':
    case 'palette-input':
    case 'palette-choose':
    case 'palette-history':
    case 'palette-close':
      return reducePalette(state, action);
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
    case 'filter':
    case 'filter-type':
    case 'filter-done':
    case 'filter-clear':
    case 'sort':
    case 'drift-only':
    case 'next-drift':
    case 'mark':
    case 'range':
    case 'mark-all':
      return reduceListing(state, action);
    default: {
      const {screen, kind} = shown(state);
      return kind.reduce?.(state, screen, action) ?? state;
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
  return moveShown(state, action.by);
}

function back(state: AppState): AppState {
  if (state.overlay !== null) {
    const left = leaveText(state, state.overlay);
    return state.overlay.id === 'output' && left.overlay === null ? leaveOutput(left) : left;
  }
  if (state.dialog !== null) return feedDialog(state, {type: 'dialog-leave'});
  const {screen, kind} = shown(state);
  const inside = kind.back?.(state, screen) ?? leaveView(screen);
  if (inside !== null) return 'screens' in inside ? inside : replaceScreen(state, inside);
  if (state.screens.length === 1) return state;
  const [first, ...rest] = state.screens;
  const left = takeBack({...state, screens: [first, ...rest.slice(0, -1)]}, ({owner}) => owner === 'screen');
  const below = shown(left);
  return below.kind.uncovered?.(left, below.screen) ?? left;
}

function environmentBelow(state: AppState): string | null {
  const at = currentScreen(state);
  return at.id === 'overview' ? null : at.environment;
}

/** A step out; first out of waiting for what is in front. */
function out(state: AppState): AppState {
  const isInside = state.overlay !== null || state.dialog !== null;
  return (isInside ? null : cancelWaiting(state)) ?? back(state);
}

function refresh(state: AppState): AppState {
  if (state.failure !== null || !state.loaded || state.environments.length === 0) {
    if (state.session === null || isWaiting(state, ({name}) => name === 'load')) return state;
    return ask({...state, failure: null}, 'app', {name: 'load'});
  }
  const {screen, kind} = shown(state);
  return kind.refresh(state, screen);
}

function text(state: AppState, value: string): AppState {
  const isTyped = state.dialog !== null && dialogField(state.dialog) !== null;
  return isTyped ? feedDialog(state, {type: 'text', text: value}) : state;
}
