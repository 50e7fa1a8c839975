import {checkedAtOf} from '../../app/state/inspections.ts';
import {hasTrouble} from '../../app/state/layout.ts';
import {shownEnvironments} from '../../app/state/lists/overview-order.ts';
import {firstProblem, problemsInShort} from '../../app/state/problems.ts';
import {type AppState, currentEnvironment, type EnvironmentState} from '../../app/state/state.ts';
import {ago} from '../../app/text/age.ts';
import {environmentStatus} from '../../app/text/status.ts';
import {count, shortRevision} from '../../app/text/value.ts';
import {plainLook, waitWord} from '../look.ts';
import {agoInWords, sentence} from '../words.ts';
import type {ShownText} from './shown.ts';

/** The overview in words: the repository, then a line an environment. */
export function overviewText(state: AppState): ShownText {
  const environments = shownEnvironments(state);
  const chosen = currentEnvironment(state);
  return {
    head: repositoryLines(state),
    rows: environments.map(known => ({
      key: known.environment.name,
      text: environmentLine(known, state.now),
    })),
    foot: [...problemLines(state), ...hintLines(state)],
    detail: chosen === undefined ? [] : environmentFacts(chosen, state),
  };
}

/** Where we are: the repository, its branch and commit, whether anything can be changed. */
export function repositoryLines(state: AppState): string[] {
  const {repository, session, failure} = state;
  if (failure !== null)
    return [
      `Failed: ${failure.message}`,
      ...(failure.fix === undefined ? [] : [failure.fix]),
      'refresh tries again.',
    ];
  if (repository === null) return ['The repository is not read yet.'];
  const distance = [
    (repository.behind ?? 0) > 0 ? `${repository.behind} behind its remote` : '',
    (repository.ahead ?? 0) > 0 ? `${repository.ahead} ahead of its remote` : '',
  ].filter(words => words !== '');
  const branch = repository.branch === null ? 'no branch' : `branch ${repository.branch}`;
  const where = [`${branch} at ${shortRevision(repository.head)}`, ...distance].join(', ');
  return [
    `Repository ${repository.name}: ${where}.`,
    ...(session?.worktree === true ? ['Git is the working tree here, not commits.'] : []),
    ...(state.readOnly ? ['This session is read-only: nothing can be changed.'] : []),
    state.environments.length === 0
      ? 'No environments here: .gitops-tui.yaml at its root can name their folders.'
      : `${count(state.environments.length, 'environment')}:`,
  ];
}

/** `staging: drift, 3 modified, 1 missing (checked 12s ago)`; with `reason` also why it failed. */
export function environmentLine(known: EnvironmentState, now: number, reason = false): string {
  const {environment, rule} = known;
  const marks = environment.protected
    ? ' (protected)'
    : rule?.straight === false
      ? ' (pull request only)'
      : '';
  return `${environment.name}${marks}: ${stateInWords(known, now, reason)}`;
}

/** An environment's state: never more certain than the screen says it, and of when it is. */
export function stateInWords(known: EnvironmentState, now: number, reason = false): string {
  const {report, failure, progress} = known;
  const status = sentence(environmentStatus(known, {look: plainLook, frame: 0, now}))
    .replace(waitWord, '')
    .trim();
  const checkedAt = checkedAtOf(known, now);
  const checked =
    checkedAt === null || progress !== null || failure !== null
      ? ''
      : ` (checked ${agoInWords(checkedAt, now)})`;
  const why = reason && failure !== null ? `: ${failure.message}` : '';
  if (progress !== null) return `comparing, ${status}`;
  // Where nothing could be compared there are no numbers: a 0 would say that nothing has drifted.
  if (report === null || (report.syncStatus === 'Unknown' && report.resources.length === 0))
    return `${status}${why}${checked}`;
  const {modified, missing, extra, unknown} = report.summary;
  const counts = [
    modified > 0 ? `${modified} modified` : '',
    missing > 0 ? `${missing} missing` : '',
    extra > 0 ? `${extra} extra` : '',
    unknown > 0 ? `${unknown} unknown` : '',
  ].filter(words => words !== '');
  const before = failure === null || counts.length === 0 ? '' : ', before that';
  return `${[`${status}${why}${before}`, ...counts].join(', ')}${checked}`;
}

/** What is known of an environment, one fact a line. */
export function environmentFacts(known: EnvironmentState, state: AppState): string[] {
  const {environment, report, deployments, rule} = known;
  const [last] = deployments;
  const live = report?.liveRevision ?? null;
  const nearest = report?.liveMatch?.revision;
  const problem = firstProblem(known, state);
  return [
    environmentLine(known, state.now),
    `Context: ${environment.context ?? 'none'}`,
    ...(environment.path === '' ? [] : [`Folder: ${environment.path}`]),
    ...(environment.protected ? ['Protected: changes of git by pull request, a sync asks for its name'] : []),
    ...(rule?.straight === false ? ['The forge takes changes of its branch by pull request only'] : []),
    ...(report === null ? [] : [`Git: ${shortRevision(report.desiredRevision)}`]),
    ...(live !== null
      ? [`Live: ${shortRevision(live)}`]
      : nearest === undefined
        ? []
        : [`Live: nobody recorded it, nearest is ${shortRevision(nearest)}`]),
    ...(last === undefined ? [] : [`Deployed: ${ago(last.time, state.now)} by ${last.by}`]),
    ...(problem === null ? [] : [`Problem: ${problem.message}`]),
    ...(problem?.fix === undefined ? [] : [`What helps: ${problem.fix}`]),
    ...(hasTrouble(known) ? ['problems shows everything that went wrong.'] : []),
  ];
}

function problemLines(state: AppState): string[] {
  return problemsInShort(state).flatMap(({who, problem}) => [
    `Problem${who === '' ? '' : ` with ${who}`}: ${problem.message}`,
    ...(problem.fix === undefined ? [] : [`What helps: ${problem.fix}`]),
  ]);
}

function hintLines({session}: AppState): string[] {
  const hint = session?.demoHint ?? null;
  return hint === null ? [] : ['To make drift, run this in a second terminal:', hint];
}
