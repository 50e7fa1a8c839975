import meow from 'meow';
import {checkArguments} from './commands/arguments.ts';
import {reportFailure} from './commands/failure.ts';
import {type Flags, flags} from './commands/flags.ts';
import {usage} from './commands/usage.ts';
import {version} from './version.ts';

/** What was asked for. What meow throws (a value that is none of the choices, a flag given twice) is a usage error. */
function parse() {
  const cli = meow(usage, {
    importMeta: import.meta,
    description: 'gitops-tui: what git says, what runs, who changed it',
    version,
    allowUnknownFlags: false,
    booleanDefault: undefined,
    flags,
  });
  // meow shows its help only where --help stands alone: after a command it must not run the command.
  if (process.argv.slice(2).some(word => word === '--help' || word === '-h')) cli.showHelp(0);
  return cli;
}

type Command = {run(words: string[], flags: Flags): Promise<number>};

// Commands are imported when they are called: the app's first frame must not wait for what it doesn't need.
const commands = new Map<string, () => Promise<Command>>([
  ['diff', () => import('./commands/diff.ts')],
  ['status', () => import('./commands/status.ts')],
  ['log', () => import('./commands/log.ts')],
  ['sync', () => import('./commands/sync.ts')],
  ['revert', () => import('./commands/revert.ts')],
  ['images', () => import('./commands/images.ts')],
  ['pr', () => import('./commands/pr.ts')],
  ['promote', () => import('./commands/promote.ts')],
  ['versions', () => import('./commands/versions.ts')],
  ['baseline', () => import('./commands/baseline.ts')],
  ['adopt', () => import('./commands/adopt.ts')],
  ['demo', () => import('./commands/demo.ts')],
]);

// A reader that has had enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', error => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
  });
}

try {
  const {input, flags: given, showHelp} = parse();
  const [first = '', ...rest] = input;
  if (first === 'help') showHelp(0);
  const load = commands.get(first);
  const words = load === undefined ? input : rest;
  checkArguments(load === undefined ? 'open' : first, words, given);
  const {run} = load === undefined ? await import('./commands/open.ts') : await load();
  process.exitCode = await run(words, given);
} catch (error) {
  process.exitCode = reportFailure(error);
}
