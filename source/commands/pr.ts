import type {
  ListedPullRequest,
  MergeMethod,
  PullRequestChanges,
  PullRequestState,
  Session,
} from '../app/session.ts';
import {mergeSubject} from '../engines/permission.ts';
import {plain} from '../text/plain.ts';
import {begin, choose, chooseOne, formatDocument, outputFormat, print, textStyle} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import {listDocument, stateDocument} from './pr-document.ts';
import {changeText, listText, mergeText, openText, stateText} from './pr-text.ts';

type Loaded = Awaited<ReturnType<Session['load']>>;

/** What a subcommand works with. */
export interface PrContext {
  session: Session;
  loaded: Loaded;
  flags: Flags;
  signal: AbortSignal;
  /** Standard output, and standard error. */
  print: (text: string) => Promise<void>;
  complain: (text: string) => void;
}

/** `gitops-tui pr …`: the open pull requests, one of them, opening, merging and editing one. */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const complain = (text: string) => void process.stderr.write(text);
    return await runPr({session, loaded, flags, signal, print, complain}, words);
  } finally {
    session.close();
  }
}

/** The same in a session that is open. The first word says what to do; any other is an environment to list for. */
export async function runPr(context: PrContext, [first, ...rest]: readonly string[]): Promise<number> {
  switch (first) {
    case 'show':
      return show(context, numberOf(rest, 'pr show N', 1));
    case 'open':
      return open(context, rest);
    case 'merge':
      return merge(context, numberOf(rest, 'pr merge N [ENVIRONMENT…]'), rest.slice(1));
    case 'edit':
      return edit(context, numberOf(rest, 'pr edit N', 1));
    default:
      if (rest.length > 0) throw new UsageError(`pr takes one environment: "${rest[0]}" is too much`);
      return list(context, first ?? null);
  }
}

function numberOf(words: readonly string[], usage: string, most = words.length): number {
  const [word = ''] = words;
  const surplus = words[most];
  if (surplus !== undefined) throw new UsageError(`${usage}: "${surplus}" is too much`);
  const number = Number(word.replace(/^[#!]/, ''));
  if (word !== '' && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`${usage}: N is a pull request's number`);
}

/** 0 where they could be told, also when there is none; 2 where not. */
async function list(context: PrContext, name: string | null): Promise<number> {
  const {session, loaded, flags, signal, print: say, complain} = context;
  if (name !== null) choose(loaded, [name]);
  const found = await session.pullRequests(name, signal);
  if (found.forge === null) {
    const where = found.url === null ? '' : `; look at ${found.url}`;
    complain(`error: open pull requests can't be told: ${plain(found.reason)}${where}\n`);
    return 2;
  }
  const states = await statesOf(session, found.requests, signal);
  const format = outputFormat(flags);
  await say(
    format === 'text'
      ? listText(found.requests, states, textStyle(flags))
      : formatDocument(listDocument(found.forge, found.requests, states), format),
  );
  return 0;
}

/** So many are asked for their checks at once. */
const atOnce = 4;

/** The states of pull requests by number; one that could not be told is left out, as a list has room for that. */
async function statesOf(
  session: Session,
  requests: readonly ListedPullRequest[],
  signal: AbortSignal,
): Promise<Map<number, PullRequestState>> {
  const states = new Map<number, PullRequestState>();
  const waiting = [...requests];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const state = await session.pullRequest(next.number, signal).catch(() => null);
      signal.throwIfAborted();
      if (state !== null) states.set(next.number, state);
    }
  };
  await Promise.all(Array.from({length: atOnce}, work));
  return states;
}

/** 0 where it is merged or can be; 1 where it can't be (yet); rejects where it could not be told. */
async function show(context: PrContext, number: number): Promise<number> {
  const {session, flags, signal, print: say} = context;
  if (flags.watch) return watch(context, number);
  const state = await session.pullRequest(number, signal);
  const format = outputFormat(flags);
  if (format !== 'text') await say(formatDocument(stateDocument(state), format));
  else if (state.pullRequest.state !== 'open') await say(stateText(state, textStyle(flags)));
  else {
    const change = await session
      .pullRequestChange(state.pullRequest, {cluster: 'ask'}, signal)
      .catch(error => {
        signal.throwIfAborted();
        return error instanceof Error ? error : new Error(String(error));
      });
    await say(`${stateText(state, textStyle(flags))}${changeText(change, textStyle(flags))}`);
  }
  return exitOf(state);
}

function exitOf({pullRequest, mergeability}: PullRequestState): number {
  return pullRequest.state === 'merged' || mergeability.verdict === 'allowed' ? 0 : 1;
}

/** Prints it whenever it has changed, until nothing of it is under way any more; then as `show`. */
async function watch(
  {session, flags, signal, print: write, complain}: PrContext,
  number: number,
): Promise<number> {
  const style = textStyle(flags);
  const format = outputFormat(flags);
  const done = new AbortController();
  let exit = 2;
  let last = '';
  let printed = Promise.resolve();
  const say = (text: string) => {
    printed = printed.then(() => write(text));
  };
  await session.followPullRequest(
    number,
    AbortSignal.any([signal, done.signal]),
    ({state, error, retryAt}) => {
      if (error !== null) {
        exit = 2;
        complain(`error: ${plain(error)}; asked again at ${retryAt ?? 'once'}\n`);
        return;
      }
      if (state === null) return;
      const text = format === 'text' ? stateText(state, style) : formatDocument(stateDocument(state), format);
      if (text !== last) say(last === '' || format !== 'text' ? text : `\n${text}`);
      last = text;
      exit = exitOf(state);
      if (!isUnderWay(state)) done.abort();
    },
  );
  await printed;
  signal.throwIfAborted();
  return exit;
}

function isUnderWay({checks, mergeability, pullRequest}: PullRequestState): boolean {
  if (pullRequest.state !== 'open') return false;
  if (mergeability.verdict === 'checking') return true;
  return (checks ?? []).some(({result}) => result === 'running' || result === 'waiting');
}

/** 0 opened, or pushed where a person opens it; 1 only printed; 2 there is nothing to open, or it failed. */
async function open(context: PrContext, words: readonly string[]): Promise<number> {
  const {session, loaded, flags, signal, print: say} = context;
  const environment = chooseOne(loaded, words[0], 'pr open');
  if (words[1] !== undefined)
    throw new UsageError(`pr open takes one environment: "${words[1]}" is too much`);
  const preview = await session.planPullRequest(environment.name, signal);
  await say(openText(preview, {title: flags.title, body: flags.body}));
  if (preview.nothing !== null) return 2;
  if (!flags.yes || flags.dryRun) {
    if (!flags.dryRun) await say('Nothing was changed: --yes does it.\n');
    return 1;
  }
  const order = {
    title: flags.title ?? preview.title,
    body: flags.body ?? preview.body,
    draft: flags.draft,
    reviewers: flags.reviewer ?? [],
    labels: flags.label ?? [],
  };
  const outcome = await session.openPullRequest(preview, order, 'yes', signal);
  await say(`${plain(outcome.message)}\n`);
  return outcome.ok ? 0 : 2;
}

/** 0 merged, or the forge merges it by itself; 1 only printed; 2 refused or failed. */
async function merge(
  {session, loaded, flags, signal, print: say}: PrContext,
  number: number,
  names: readonly string[],
): Promise<number> {
  const [state, open] = await Promise.all([
    session.pullRequest(number, signal),
    session.pullRequests(null, signal),
  ]);
  const {pullRequest, mergeability, methods} = state;
  const listed = open.forge === null ? undefined : open.requests.find(request => request.number === number);
  // One that the list does not have (more than 200 are open) may touch everything.
  const touched = loaded.environments.filter(({name}) => listed?.environments.includes(name) ?? true);
  const subject = mergeSubject(number, touched);
  const method = methodOf(flags, methods);
  const change = await session.pullRequestChange(pullRequest, {cluster: 'ask'}, signal).catch(error => {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  });
  const plan = {
    state,
    touched: touched.map(({name}) => name),
    subject,
    method,
    deleteBranch: flags.deleteBranch,
  };
  await say(mergeText(plan, textStyle(flags)) + changeText(change, textStyle(flags)));
  if (pullRequest.state !== 'open' || mergeability.verdict === 'blocked') return 2;
  if (!flags.yes || flags.dryRun) {
    if (!flags.dryRun) await say('Nothing was changed: --yes does it.\n');
    return 1;
  }
  const order = {number, head: pullRequest.head, method, deleteBranch: flags.deleteBranch};
  // Environments named on this very command line are names typed in full.
  const confirmed = names.length === 0 ? ('yes' as const) : {typed: [...new Set(names)].sort().join(' ')};
  const result = await session.mergePullRequest(order, subject.protected ? confirmed : 'yes', signal);
  const said = result.merged
    ? `merged #${number}${result.sha === null ? '' : ` as ${result.sha.slice(0, 7)}`} into ${pullRequest.base}`
    : `the forge has taken the order and merges #${number} by itself when it may`;
  await say(`${plain([said, ...result.notes].join('\n'))}\n`);
  return 0;
}

function methodOf({method}: Flags, methods: readonly MergeMethod[]): MergeMethod {
  const wanted = methods.find(known => known === method);
  if (method !== undefined && wanted === undefined)
    throw new UsageError(`the repository does not allow --method ${method}: ${methods.join(', ')}`);
  return wanted ?? methods[0] ?? 'merge';
}

/** 0 done; 1 only printed; 2 failed. */
async function edit({session, flags, signal, print: say}: PrContext, number: number): Promise<number> {
  if (flags.draft && flags.ready) throw new UsageError('--draft and --ready are opposites');
  const changes: PullRequestChanges = {
    ...(flags.title === undefined ? {} : {title: flags.title}),
    ...(flags.body === undefined ? {} : {body: flags.body}),
    ...(flags.draft || flags.ready ? {draft: flags.draft} : {}),
    ...(flags.label?.length ? {labels: flags.label} : {}),
    ...(flags.reviewer?.length ? {reviewers: flags.reviewer} : {}),
  };
  if (Object.keys(changes).length === 0)
    throw new UsageError('pr edit takes --title, --body, --draft, --ready, --reviewer or --label');
  const {pullRequest} = await session.pullRequest(number, signal);
  const lines = [
    changes.title === undefined ? null : `title: ${changes.title}`,
    changes.body === undefined ? null : 'body: as given',
    changes.draft === undefined ? null : changes.draft ? 'becomes a draft' : 'becomes ready for review',
    changes.labels === undefined ? null : `labels: ${changes.labels.join(', ')}`,
    changes.reviewers === undefined ? null : `reviews asked of: ${changes.reviewers.join(', ')}`,
  ].filter(line => line !== null);
  await say(plain(`#${number} ${pullRequest.title}\n${lines.map(line => `  ${line}\n`).join('')}`));
  if (!flags.yes || flags.dryRun) {
    if (!flags.dryRun) await say('Nothing was changed: --yes does it.\n');
    return 1;
  }
  const {pullRequest: changed, notes} = await session.updatePullRequest(number, changes, 'yes', signal);
  await say(plain([`changed #${number}: ${changed.url}`, ...notes].join('\n')).concat('\n'));
  return 0;
}
