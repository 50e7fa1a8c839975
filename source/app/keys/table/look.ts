import {formatIdentity} from '../../../resources/identity.ts';
import {inputOf} from '../../state/input-line.ts';
import {treeResources} from '../../state/screens/environment-screen.ts';
import {chosenEvent} from '../../state/screens/events-screen.ts';
import {chosenFieldRow} from '../../state/screens/field-screen.ts';
import {rangeWords} from '../../state/screens/logs-screen.ts';
import {hasPods, lookedResource, lookedRow} from '../../state/screens/look-target.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Argument} from '../arguments.ts';
import type {Command} from '../command.ts';
import type {LookingAction} from '../danger.ts';

/** The resource that a command is to be about, where it is not the chosen one. */
const ofResource: readonly Argument[] = [{name: 'resource', kind: 'resource', optional: true}];

const look = {section: 'Look', danger: null} as const;

/** What looks closer at a resource: its events, its pods' logs, one of its fields. */
export const lookCommands: readonly Command[] = [
  {
    ...look,
    id: 'events',
    keys: ['E'],
    words: 'events and conditions: of the chosen resource, namespace or environment',
    hint: state => (currentScreen(state).id === 'environment' ? 'events' : null),
    places: ['overview', 'environment'],
    args: ofResource,
    enabled: hasCluster,
    run: (state, {resource}) => ofChosen(state, resource, {type: 'open-events'}),
  },
  {
    ...look,
    id: 'logs',
    // `l` unfolds and `L` is the log of git: t as in tail.
    keys: ['t'],
    words: 'tail: the logs of the chosen workload’s pods',
    hint: state => (canReadLogs(state) === true ? 'logs' : null),
    places: ['environment', 'events'],
    args: ofResource,
    enabled: (state, {resource}) => canReadLogs(state, resource),
    run: (state, {resource}) => ofChosen(state, resource, {type: 'open-logs'}),
  },
  {
    ...look,
    id: 'field',
    keys: ['f'],
    words: 'the chosen field: both sides in full, and the history of each',
    hint: state => (lookedRow(state)?.kind === 'field' ? 'field' : null),
    places: ['environment'],
    enabled: state => (lookedRow(state)?.kind === 'field' ? true : 'choose a field first'),
    run: () => ({type: 'open-field'}),
  },
  {
    ...look,
    id: 'field-revision',
    keys: ['enter', 'L'],
    words: 'the revisions from the chosen commit on',
    hint: 'revision',
    places: ['field'],
    enabled: state => {
      const screen = currentScreen(state);
      const row = screen.id === 'field' ? chosenFieldRow(screen) : undefined;
      return row?.kind === 'commit' ? true : 'choose a commit first';
    },
    run: () => ({type: 'enter'}),
  },
  {
    ...look,
    id: 'events-filter',
    keys: ['/'],
    words: 'filter events, conditions and pods',
    hint: 'filter',
    places: ['events'],
    run: state => ({type: 'look-typing', typing: inputOf(queryOf(state))}),
  },
  {
    ...look,
    id: 'events-warnings',
    keys: ['.'],
    words: 'only what is not as it should be, or everything',
    hint: state => {
      const screen = currentScreen(state);
      return screen.id === 'events' && screen.warnings ? 'all' : 'warnings only';
    },
    places: ['events'],
    run: () => ({type: 'look-warnings'}),
  },
  {
    ...look,
    id: 'logs-follow',
    keys: ['f'],
    words: 'follow the end of the logs, or stay here',
    hint: state => {
      const screen = currentScreen(state);
      return screen.id === 'logs' && screen.top === null ? 'stop' : 'follow';
    },
    places: ['logs'],
    run: () => ({type: 'logs-follow'}),
  },
  {
    ...look,
    id: 'logs-search',
    keys: ['/'],
    words: 'search in the lines that are known',
    hint: 'search',
    places: ['logs'],
    run: state => ({type: 'look-typing', typing: inputOf(queryOf(state))}),
  },
  {
    ...look,
    id: 'logs-next',
    keys: ['n'],
    words: 'the next match below',
    places: ['logs'],
    enabled: hasSearch,
    run: () => ({type: 'look-find', by: 1}),
  },
  {
    ...look,
    id: 'logs-before',
    keys: ['N'],
    words: 'the match before, above',
    places: ['logs'],
    enabled: hasSearch,
    run: () => ({type: 'look-find', by: -1}),
  },
  {
    ...look,
    id: 'logs-pod',
    keys: ['tab'],
    words: 'one pod after the other, or all merged by time',
    hint: 'pod',
    places: ['logs'],
    run: () => ({type: 'logs-pod', by: 1}),
  },
  {
    ...look,
    id: 'logs-previous',
    keys: ['p'],
    words: 'what the containers said before they last started, or now',
    hint: state => {
      const screen = currentScreen(state);
      return screen.id === 'logs' && screen.query.previous ? 'now' : 'previous';
    },
    places: ['logs'],
    run: () => ({type: 'logs-previous'}),
  },
  {
    ...look,
    id: 'logs-wrap',
    keys: ['w'],
    words: 'long lines wrapped or cut',
    hint: state => {
      const screen = currentScreen(state);
      return screen.id === 'logs' && screen.wrap ? 'cut' : 'wrap';
    },
    places: ['logs'],
    run: () => ({type: 'logs-wrap'}),
  },
  {
    ...look,
    id: 'logs-times',
    keys: ['t'],
    words: 'when each line was written (UTC), or not',
    hint: 'times',
    places: ['logs'],
    run: () => ({type: 'logs-times'}),
  },
  {
    ...look,
    id: 'logs-from',
    keys: ['b'],
    words: 'how far back they begin: 500 lines, 5 minutes, an hour, 5,000 lines',
    hint: state => {
      const screen = currentScreen(state);
      return screen.id === 'logs' ? `from ${rangeWords(screen.query.from)}` : null;
    },
    places: ['logs'],
    run: () => ({type: 'logs-from'}),
  },
  {
    ...look,
    id: 'logs-right',
    keys: ['l', 'right'],
    words: 'to the right in lines that are cut',
    places: ['logs'],
    enabled: isCut,
    run: () => ({type: 'logs-side', by: 1}),
  },
  {
    ...look,
    id: 'logs-left',
    keys: ['h', 'left'],
    words: 'to the left in lines that are cut',
    places: ['logs'],
    enabled: isCut,
    run: () => ({type: 'logs-side', by: -1}),
  },
];

function hasCluster(state: AppState): true | string {
  const known = currentEnvironment(state);
  if (known === undefined) return 'no environment is known yet';
  return known.environment.context === null ? `${known.environment.name} has no kubeconfig context` : true;
}

/** An action for a resource that may be named: then its row is chosen first. */
function ofChosen(
  state: AppState,
  name: string | undefined,
  action: LookingAction,
): readonly LookingAction[] {
  const row = namedRow(state, name);
  return row === undefined ? [action] : [{type: 'choose', key: row.key}, action];
}

function namedRow(state: AppState, name: string | undefined) {
  if (name === undefined || name === '') return undefined;
  return treeResources(state).find(({id}) => formatIdentity(id) === name);
}

function canReadLogs(state: AppState, named?: string): true | string {
  const cluster = hasCluster(state);
  if (cluster !== true) return cluster;
  const row = namedRow(state, named);
  if (row !== undefined) return hasPods(row.id) ? true : `a ${row.id.kind} has no pods`;
  const screen = currentScreen(state);
  if (screen.id === 'events') {
    if (screen.target.of === 'resource')
      return hasPods(screen.target.id) ? true : `a ${screen.target.id.kind} has no pods`;
    const row = chosenEvent(screen);
    return row?.kind === 'event' && row.event.about.kind === 'Pod' ? true : 'choose an event of a pod first';
  }
  const resource = lookedResource(state);
  if (resource === undefined) return 'choose a workload first';
  return hasPods(resource.id) ? true : `a ${resource.id.kind} has no pods`;
}

function hasSearch(state: AppState): true | string {
  return queryOf(state) === '' ? 'nothing is searched for: / searches' : true;
}

function isCut(state: AppState): true | string {
  const screen = currentScreen(state);
  return screen.id === 'logs' && screen.wrap ? 'long lines are wrapped: w cuts them' : true;
}

function queryOf(state: AppState): string {
  const screen = currentScreen(state);
  return screen.id === 'logs' ? screen.search : screen.id === 'events' ? screen.query : '';
}
