import type {
  Check,
  ListedPullRequest,
  MergeMethod,
  PullRequestEffect,
  PullRequestPreview,
  PullRequestState,
} from '../app/session.ts';
import {clusterLines} from '../changes/effect/cluster-words.ts';
import {asciiStyle, type EffectLine, effectLines, plainStyle} from '../changes/effect/words.ts';
import type {Subject} from '../engines/permission.ts';
import {plain, plainLine} from '../text/plain.ts';
import {minute, short, type TextStyle, table} from './text-report.ts';

/** The list for people. */
export function listText(
  requests: readonly ListedPullRequest[],
  states: ReadonlyMap<number, PullRequestState>,
  {ascii}: TextStyle,
): string {
  if (requests.length === 0) return 'No pull request is open.\n';
  const rows = requests.map(request => {
    const state = states.get(request.number);
    return [
      `#${request.number}`,
      request.updatedAt === null ? '' : minute(request.updatedAt),
      request.author ?? '-',
      checksWords(state),
      approvalWords(state),
      request.environments.join(',') || '-',
      plainLine(`${request.draft ? 'draft: ' : ''}${request.title}`),
    ];
  });
  const head = ['#', 'UPDATED (UTC)', 'AUTHOR', 'CHECKS', 'APPROVED', 'ENVIRONMENTS', 'TITLE'];
  const text = `${table([head, ...rows]).join('\n')}\n`;
  return ascii ? text.replaceAll('…', '...') : text;
}

function checksWords(state: PullRequestState | undefined): string {
  const checks = state?.checks;
  if (checks === undefined || checks === null) return '?';
  if (checks.length === 0) return 'none';
  const number = (...results: Check['result'][]) =>
    checks.filter(({result}) => results.includes(result)).length;
  const failed = number('failed', 'cancelled');
  if (failed > 0) return `${failed} failed`;
  const open = number('running', 'waiting');
  return open > 0 ? `${checks.length - open}/${checks.length}` : 'passed';
}

function approvalWords(state: PullRequestState | undefined): string {
  if (state === undefined) return '?';
  if (state.reviews.some(({verdict}) => verdict === 'changes-requested')) return 'changes wanted';
  const given = state.reviews.filter(({verdict}) => verdict === 'approved').length;
  const wanted = state.protection?.approvals ?? 0;
  return wanted > 0 ? `${given}/${wanted}` : String(given);
}

/** One pull request for people: whether it can be merged, its checks, reviews and comments. */
export function stateText(state: PullRequestState, {ascii}: TextStyle): string {
  const {pullRequest, mergeability, checks, reviews, comments, protection} = state;
  const arrow = ascii ? '->' : '→';
  const from = pullRequest.fork === null ? pullRequest.branch : `${pullRequest.fork}:${pullRequest.branch}`;
  const verdicts = {
    allowed: 'it can be merged',
    blocked: 'not to be merged yet',
    checking: 'the forge is still finding out whether it can be merged',
    unknown: 'whether it can be merged is not known',
  };
  const reasons = mergeability.reasons.join('; ');
  const verdict =
    pullRequest.state === 'open'
      ? `${verdicts[mergeability.verdict]}${reasons === '' ? '' : `: ${reasons}`}`
      : `it is ${pullRequest.state}`;
  const wanted = protection?.approvals ?? 0;
  const lines = [
    `#${pullRequest.number} ${pullRequest.title}`,
    `  ${pullRequest.url}`,
    `  ${from} at ${short(pullRequest.head)} ${arrow} ${pullRequest.base}, by ${pullRequest.author ?? 'nobody known'}${pullRequest.draft ? ', a draft' : ''}`,
    `  ${verdict}`,
    'Checks',
    ...(checks === null
      ? ['  the token may not see them']
      : checks.length === 0
        ? ['  none']
        : checks.map(checkLine)),
    wanted > 0 ? `Reviews (${wanted} approvals are wanted)` : 'Reviews',
    ...(reviews.length === 0
      ? ['  none']
      : reviews.map(({author, verdict: word}) => `  ${author}: ${word.replace('-', ' ')}`)),
    ...(comments.length === 0 ? [] : ['Comments']),
    ...comments.flatMap(({author, at, body, file, line}) => [
      `  ${author}${at === null ? '' : ` ${minute(at)}`}${file === null ? '' : ` on ${file}${line === null ? '' : `:${line}`}`}`,
      ...body
        .trim()
        .split('\n')
        .map(text => `    ${text}`),
    ]),
  ];
  return `${plain(lines.join('\n'))}\n`;
}

function checkLine({name, result, required, summary, url}: Check): string {
  const words = [result, required === true ? 'required' : '', summary ?? ''].filter(word => word !== '');
  return `  ${name}: ${words.join(', ')}${result === 'failed' && url !== null ? ` (${url})` : ''}`;
}

/** What it changes, rendered for each environment; or why that can't be told. */
export function changeText(change: PullRequestEffect | Error, {ascii}: TextStyle): string {
  if (change instanceof Error) return plain(`What it changes can't be told: ${change.message}`).concat('\n');
  const {files, conflicts, effects} = change;
  const lines = [
    'Files',
    ...files.map(
      ({path, added, removed, binary}) => `  ${path} ${binary ? 'binary' : `+${added} -${removed}`}`,
    ),
  ];
  if (conflicts.length > 0) lines.push(`It conflicts with its base in ${conflicts.join(', ')}`);
  const style = ascii ? asciiStyle : plainStyle;
  const said = ({text, depth}: EffectLine) => `${' '.repeat(2 + depth)}${text}`;
  for (const {environment, rendered, cluster} of effects) {
    lines.push(`Merged, ${environment} would want`, ...effectLines(rendered, style).map(said));
    if (cluster === null || rendered.objects.length === 0) continue;
    lines.push('and on its cluster', ...clusterLines(cluster, style).map(said));
  }
  return `${plain(lines.join('\n'))}\n`;
}

/** A merge before it is ordered. */
export interface MergePlan {
  state: PullRequestState;
  touched: readonly string[];
  subject: Subject;
  method: MergeMethod;
  deleteBranch: boolean;
}

/** What a merge would do, and what it still takes. */
export function mergeText(
  {state, touched, subject, method, deleteBranch}: MergePlan,
  style: TextStyle,
): string {
  const {number, head, base, branch} = state.pullRequest;
  const lines = [`Changes what git says of: ${touched.length === 0 ? 'no environment' : touched.join(', ')}`];
  if (state.pullRequest.state !== 'open') lines.push(`Blocked: it is ${state.pullRequest.state} already`);
  else if (state.mergeability.verdict === 'blocked')
    lines.push(`Blocked: ${state.mergeability.reasons.join('; ')}`);
  else {
    const how = deleteBranch ? `, and deletes ${branch}` : '';
    lines.push(`With --yes: merges ${short(head)} into ${base} (${method})${how}`);
    if (subject.protected)
      lines.push(`Protected, so name it too: gitops-tui pr merge ${number} ${subject.name} --yes`);
  }
  return `${stateText(state, style)}${plain(lines.join('\n'))}\n`;
}

/** A pull request of the local commits before it is opened. */
export function openText(
  preview: PullRequestPreview,
  given: {title: string | undefined; body: string | undefined},
): string {
  if (preview.nothing !== null) return `${plain(preview.nothing)}\n`;
  const {base, branch, commits, files, patch, warnings, hasToken} = preview;
  const lines = [
    `${branch} into ${base}: ${given.title ?? preview.title}`,
    ...(given.body ?? preview.body).split('\n').map(text => `  ${text}`.trimEnd()),
    ...warnings.map(warning => `Warning: ${warning}`),
    `Commits: ${commits.length}`,
    ...commits.map(({sha, author, subject}) => `  ${short(sha)} ${author}: ${subject}`),
    ...files.map(
      ({path, added, removed, binary}) => `  ${path} ${binary ? 'binary' : `+${added} -${removed}`}`,
    ),
    ...(patch === '' ? [] : ['', patch.trimEnd(), '']),
    hasToken
      ? 'With --yes: pushes the branch and opens the pull request'
      : 'With --yes: pushes the branch; without a token the address to open it at is printed',
  ];
  return `${plain(lines.join('\n'))}\n`;
}
