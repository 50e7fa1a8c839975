import {formatIdentity, identityKey} from '../../../resources/identity.ts';
import {formatProblem, type Problem} from '../../../resources/problem.ts';
import {Arranger, chosenOf, freshView, type ListView, type Shown} from '../lists/listing.ts';
import {firstProblem, generalProblems} from '../problems.ts';
import type {AppState} from '../state.ts';
import {endWords, isAllWell} from './sync-run.ts';

/** Everything that is wrong now. */
export interface ProblemsScreen extends ListView {
  readonly id: 'problems';
  /** That of the screen below. */
  readonly environment: string | null;
}

/** A fresh screen. */
export function problemsScreen(environment: string | null): ProblemsScreen {
  return {id: 'problems', environment, ...freshView};
}

/** Something that is wrong, with where it is. */
export interface ToldProblem {
  readonly key: string;
  /** Its environment; '' for what concerns all. */
  readonly who: string;
  readonly kind: 'repository' | 'remote' | 'settings' | 'environment' | 'object' | 'sync';
  readonly problem: Problem;
  /** Since when it is known, in ms; null where nobody noted. */
  readonly at: number | null;
  /** Key (identityKey) of the object that it is about. */
  readonly resource: string | null;
}

/** What is wrong now: what is over is not among it. */
export function toldProblems(state: AppState): ToldProblem[] {
  const told: Omit<ToldProblem, 'key'>[] = [];
  const base = {who: '', at: null, resource: null};
  if (state.failure !== null) told.push({...base, kind: 'repository', problem: state.failure});
  if (state.fetchFailure !== null) told.push({...base, kind: 'remote', problem: state.fetchFailure});
  for (const problem of generalProblems(state))
    told.push({
      ...base,
      kind: state.preferences.problems.includes(problem) ? 'settings' : 'repository',
      problem,
    });
  for (const known of state.environments) {
    const {name} = known.environment;
    const errors = known.report?.errors ?? [];
    const first = firstProblem(known, state);
    const own = {who: name, kind: 'environment', resource: null} as const;
    if (first !== null && !errors.includes(first)) told.push({...own, problem: first, at: known.settledAt});
    for (const problem of errors) told.push({...own, problem, at: known.checkedAt});
    for (const problem of state.problems)
      if (problem.environment === name && !errors.includes(problem)) told.push({...own, problem, at: null});
    for (const {id, error, source} of known.report?.resources ?? []) {
      if (error === null) continue;
      const location = source === null ? {} : {location: source};
      const problem: Problem = {severity: 'error', message: `${formatIdentity(id)}: ${error}`, ...location};
      told.push({who: name, kind: 'object', problem, at: known.checkedAt, resource: identityKey(id)});
    }
    const run = state.syncs.get(name);
    if (run?.end != null && !isAllWell(run)) {
      const problem: Problem = {severity: 'error', message: endWords(run), fix: 'w shows each object'};
      told.push({who: name, kind: 'sync', problem, at: run.end.at, resource: null});
    }
  }
  return told.map((problem, index) => ({
    ...problem,
    key: `${index} ${problem.who} ${problem.problem.message}`,
  }));
}

/** What is wrong: the newest first, or by environment. */
export const problemList = new Arranger<ToldProblem>({
  key: ({key}) => key,
  fields: {
    env: ({who}) => who,
    kind: ({kind}) => kind,
    problem: ({problem}) => formatProblem(problem),
    severity: ({problem}) => problem.severity,
  },
  orders: [
    {by: 'newest', key: ({at}) => (at === null ? null : -at)},
    {by: 'environment', way: 'up', key: ({who}) => who},
    {by: 'kind', way: 'up', key: ({kind}) => kind},
  ],
  isDrift: ({problem}) => problem.severity === 'error',
});

const known = new WeakMap<AppState['environments'], {state: AppState; told: readonly ToldProblem[]}>();

/** The problems as they are shown. */
export function shownProblems(state: AppState, screen: ProblemsScreen): Shown<ToldProblem> {
  return problemList.shown(remembered(state), screen);
}

/** The chosen problem. */
export function chosenProblem(state: AppState, screen: ProblemsScreen): ToldProblem | undefined {
  return chosenOf(screen, shownProblems(state, screen));
}

// The same list for the same facts, so that it is put in order once.
function remembered(state: AppState): readonly ToldProblem[] {
  const {environments, failure, fetchFailure, problems, syncs, preferences} = state;
  const before = known.get(environments);
  const isSame =
    before !== undefined &&
    before.state.failure === failure &&
    before.state.fetchFailure === fetchFailure &&
    before.state.problems === problems &&
    before.state.syncs === syncs &&
    before.state.preferences === preferences;
  if (isSame) return before.told;
  const told = toldProblems(state);
  known.set(environments, {state, told});
  return told;
}
