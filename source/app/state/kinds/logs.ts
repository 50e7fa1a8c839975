import {problemSentence} from '../problems.ts';
import {ask, isWaiting, takeBack} from '../requests.ts';
import {replaceScreen} from '../screen-stack.ts';
import {isFull, withEarlier, withLines} from '../screens/log-lines.ts';
import {
  begunAnew,
  earliest,
  foundInLogs,
  type LogsScreen,
  movedLogs,
  nextRange,
  podChoices,
  rangeWords,
  shownLines,
  withSources,
} from '../screens/logs-screen.ts';
import type {LookAction} from '../screens/look-actions.ts';
import type {AppState} from '../state.ts';
import type {ScreenKind} from './kind.ts';

/** So many more lines are asked for at the top. */
const earlierLines = 500;
const sideStep = 20;

/** The logs of a workload's pods. */
export const logs: ScreenKind<LogsScreen> = {
  rows: () => ({keys: [], height: 1}),
  move(state, screen, by) {
    const {screen: moved, isTop} = movedLogs(state, screen, by);
    const next = replaceScreen(state, moved);
    return isTop ? askEarlier(next, moved) : next;
  },
  // Nothing in it is chosen: there is nothing to keep in sight.
  settle: state => state,
  back(state, screen) {
    if (screen.search !== '') return replaceScreen(state, {...screen, search: '', here: null});
    return null;
  },
  refresh: (state, screen) => askLogs(state, begunAnew(screen)),
  uncovered: (state, screen) => askLogs(state, begunAnew(screen)),
  news(state, screen, news) {
    let next = screen;
    for (const one of news) {
      if (one.of !== 'logs') continue;
      const {event} = one;
      next =
        event.type === 'sources'
          ? withSources(next, event)
          : {...next, known: withLines(next.known, event.lines, event.dropped)};
    }
    return next === screen ? state : replaceScreen(state, next);
  },
  answered(state, screen, call, answer) {
    if (call.name !== 'earlierLogs' || answer.name !== call.name) return state;
    const {lines, isAll} = answer.value;
    const known = withEarlier(screen.known, lines);
    const next = replaceScreen(state, {...screen, known, isAll});
    if (lines.length > 0) return replaceScreen(next, movedLogs(next, {...screen, known, isAll}, -1).screen);
    return {...next, notice: {text: 'the kubelet has no earlier lines', tone: 'drift'}};
  },
  failed(state, screen, call, problem) {
    if (call.name === 'followLogs') return replaceScreen(state, {...screen, failure: problem});
    if (call.name !== 'earlierLogs') return state;
    return {...state, notice: {text: `no earlier lines: ${problemSentence(problem)}`, tone: 'bad'}};
  },
  reduce: (state, screen, action) => reduceLogs(state, screen, action as LookAction),
  copyable: (state, screen) => kubectlLine(state, screen),
};

/** Follows what the screen shows, anew. */
export function askLogs(state: AppState, screen: LogsScreen): AppState {
  const left = takeBack(state, ({call}) => call.name === 'followLogs' || call.name === 'earlierLogs');
  const {environment, query} = screen;
  return ask(replaceScreen(left, screen), 'screen', {name: 'followLogs', environment, query});
}

function askEarlier(state: AppState, screen: LogsScreen): AppState {
  const say = (text: string): AppState => ({...state, notice: {text, tone: 'drift'}});
  if (isWaiting(state, ({name}) => name === 'earlierLogs')) return state;
  if (screen.isAll) return say('the kubelet has no earlier lines');
  if (isFull(screen.known)) return say('no more lines are kept than these');
  const sources = earliest(screen);
  if (sources.length === 0) return state;
  const {target, previous} = screen.query;
  const question = {target, previous, sources, lines: earlierLines};
  return ask(state, 'screen', {name: 'earlierLogs', environment: screen.environment, question});
}

function reduceLogs(state: AppState, screen: LogsScreen, action: LookAction): AppState {
  const put = (change: Partial<LogsScreen>) => replaceScreen(state, {...screen, ...change});
  switch (action.type) {
    case 'logs-follow':
      return put({top: screen.top === null ? topNow(state, screen) : null, here: null});
    case 'logs-wrap':
      return put({wrap: !screen.wrap, left: 0});
    case 'logs-times':
      return put({times: !screen.times});
    case 'logs-side':
      return put({left: Math.max(0, screen.left + action.by * sideStep)});
    case 'logs-previous':
      return askLogs(state, begunAnew(screen, {previous: !screen.query.previous}));
    case 'logs-from': {
      const from = nextRange(screen.query.from);
      const next = askLogs(state, begunAnew(screen, {from}));
      return {...next, notice: {text: `from ${rangeWords(from)} on`, tone: 'good'}};
    }
    case 'logs-pod':
      return choosePod(state, screen, action.by);
    case 'look-typing': {
      const search = action.query ?? screen.search;
      const typed = {
        ...screen,
        typing: action.typing,
        search,
        here: search === screen.search ? screen.here : null,
      };
      const isNew = search !== screen.search && search !== '';
      return replaceScreen(state, (isNew ? foundInLogs(state, typed, -1, true) : null) ?? typed);
    }
    case 'look-find': {
      const found = foundInLogs(state, screen, action.by, screen.here === null);
      if (found !== null) return replaceScreen(state, found);
      const way = action.by > 0 ? 'below' : 'above';
      return {...state, notice: {text: `no "${screen.search}" ${way}`, tone: 'drift'}};
    }
    default:
      return state;
  }
}

/** All pods, then each alone. One that is not read, because there are too many, is asked for by itself. */
function choosePod(state: AppState, screen: LogsScreen, by: 1 | -1): AppState {
  const choices = [null, ...podChoices(screen)];
  const at = choices.indexOf(screen.pod);
  const pod = choices[(at + by + choices.length) % choices.length] ?? null;
  const chosen = {...screen, pod, top: null, here: null};
  const isLeftOut =
    screen.query.pod !== null ||
    screen.sources.some(source => source.pod === pod && source.state === 'left-out');
  return isLeftOut ? askLogs(state, begunAnew(chosen, {pod})) : replaceScreen(state, chosen);
}

/** Where the screen stands when it stops following. */
function topNow(state: AppState, screen: LogsScreen): LogsScreen['top'] {
  const {screen: stopped} = movedLogs(state, screen, -1);
  const {screen: back} = movedLogs(state, stopped, 1);
  return shownLines(screen).length === 0 ? null : back.top;
}

/** The command that shows the same in a terminal. */
function kubectlLine(state: AppState, {environment, query, pod}: LogsScreen): string {
  const {id} = query.target;
  const context = state.environments.find(known => known.environment.name === environment)?.environment
    .context;
  const what = pod === null ? `${id.kind.toLowerCase()}/${id.name}` : pod;
  const from = 'lines' in query.from ? `--tail=${query.from.lines}` : `--since=${query.from.seconds}s`;
  return [
    'kubectl',
    ...(context === undefined || context === null ? [] : ['--context', context]),
    '--namespace',
    id.namespace,
    'logs',
    what,
    '--all-containers',
    '--prefix',
    from,
    ...(query.previous ? ['--previous'] : ['--follow']),
  ].join(' ');
}
