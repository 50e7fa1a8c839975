import {UsageError} from './failure.ts';
import {flags as definitions, type Flags} from './flags.ts';

/** How many words a command takes after its own; the app and the demo say it themselves. */
const most: Partial<Record<string, number>> = {log: 1, sync: 1, revert: 2, baseline: 2, versions: 0};

/** The commands that change git. */
const changes = ['revert', 'adopt', 'images', 'promote'];

/** Flags that only some commands heed. */
const takenBy: Partial<Record<keyof Flags, readonly string[]>> = {
  output: ['diff', 'status', 'log', 'images', 'pr', 'versions'],
  limit: ['log'],
  skip: ['log'],
  at: ['log'],
  signatures: ['log'],
  differences: ['log'],
  changes: ['log'],
  prune: ['sync'],
  force: ['sync'],
  timeout: ['sync'],
  revertCommits: ['revert'],
  update: ['images'],
  watch: ['images', 'pr'],
  plainHttp: ['images', 'open', 'demo'],
  from: ['promote'],
  only: ['promote'],
  environmentOnly: ['revert'],
  alone: ['revert'],
  mainline: ['revert'],
  edit: ['revert'],
  toBaseline: ['revert'],
  note: ['baseline'],
  all: ['adopt'],
  shared: ['adopt'],
  pullRequest: changes,
  title: [...changes, 'pr'],
  body: ['pr'],
  draft: [...changes, 'pr'],
  ready: ['pr'],
  method: ['pr'],
  deleteBranch: ['pr'],
  reviewer: [...changes, 'pr'],
  label: [...changes, 'pr'],
  verify: changes,
  dryRun: ['sync', 'baseline', ...changes, 'pr'],
  yes: ['sync', 'baseline', ...changes, 'pr'],
  orphans: ['diff', 'status'],
  ignored: ['diff'],
  preferences: ['open', 'demo'],
  fresh: ['open'],
  // What the others print goes into files, logs and other people's terminals: they never print a secret value.
  revealSecrets: ['open', 'demo'],
  plain: ['open', 'demo'],
  theme: ['open', 'demo'],
  mouse: ['open', 'demo'],
};

/**
 * Refuses what a command would not heed: a word too many could be an environment that somebody believes synced, a flag
 * that does nothing a promise. Throws UsageError, which names the word or the flag.
 */
export function checkArguments(command: string, given: readonly string[], flags: Flags): void {
  const [surplus] = given.slice(most[command] ?? given.length);
  if (surplus !== undefined) {
    const takes =
      most[command] === 2
        ? 'one environment and one commit'
        : command === 'versions'
          ? 'no words'
          : 'one environment';
    throw new UsageError(`${command} takes ${takes}: "${surplus}" is too much`);
  }
  for (const [name, value] of Object.entries(flags)) {
    if (value === '' || (Array.isArray(value) && value.includes('')))
      throw new UsageError(`${spelled(name)} is empty: it takes a value`);
    const least = name === 'limit' ? 1 : 0;
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= least))
      throw new UsageError(`${spelled(name)} takes a whole number from ${least}`);
    const commands = takenBy[name as keyof Flags];
    if (commands === undefined || commands.includes(command)) continue;
    const definition = definitions[name as keyof Flags];
    const unset = 'default' in definition ? definition.default : undefined;
    if (value !== unset && !(Array.isArray(value) && value.length === 0)) {
      const words = commands.map(nameOf).join(', ');
      // What is on unless it is switched off was switched off.
      const flag =
        unset === true ? spelled(`no${name.charAt(0).toUpperCase()}${name.slice(1)}`) : spelled(name);
      throw new UsageError(`${flag} is for ${words}: ${nameOf(command)} does not take it`);
    }
  }
}

function nameOf(command: string): string {
  return command === 'open' ? 'the app' : command;
}

function spelled(name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}
