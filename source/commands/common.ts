import {dump} from 'js-yaml';
import type {Session} from '../app/session.ts';
import type {Environment} from '../environments/types.ts';
import {type JsonObject, stringifyJson} from '../resources/json.ts';
import {formatProblem} from '../resources/problem.ts';
import {colorDepthOf} from '../terminal/color-depth.ts';
import {plainLine} from '../text/plain.ts';
import {openWorkspace} from '../workspace.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import type {TextStyle} from './text-report.ts';
import {workspaceOptions} from './workspace-options.ts';

/** What a command starts from: the session, what it loaded, and a signal that ctrl-c raises. */
export async function begin(flags: Flags): Promise<{
  session: Session;
  loaded: Awaited<ReturnType<Session['load']>>;
  signal: AbortSignal;
}> {
  const signal = interruptSignal();
  const session = openWorkspace(workspaceOptions(flags));
  return {session, loaded: await session.load(signal), signal};
}

/** A signal that SIGINT, SIGTERM and SIGHUP raise; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      controller.abort(new Error(`stopped by ${name}`));
      process.once(name, () => process.exit(130));
    });
  }
  return controller.signal;
}

/** What was found of the repository: environments, and the mistakes on the way to them. */
type Loaded = Pick<Awaited<ReturnType<Session['load']>>, 'environments' | 'problems'>;

/**
 * The environments of these names, each once; all where none is named. Throws UsageError for a name that isn't there,
 * with the mistakes that may be why.
 */
export function choose({environments, problems}: Loaded, names: readonly string[]): readonly Environment[] {
  const why = problems
    .filter(({severity}) => severity === 'error')
    .map(problem => `\n${formatProblem(problem)}`)
    .join('');
  if (environments.length === 0 && why !== '') throw new UsageError(`no environment could be read:${why}`);
  if (environments.length === 0) {
    throw new UsageError(
      'no environment was found: name them in .gitops-tui.yaml, or keep each in a folder of its own (environments/staging)',
    );
  }
  if (names.length === 0) return environments;
  return [...new Set(names)].map(name => {
    const found = environments.find(environment => environment.name === name);
    if (found !== undefined) return found;
    throw new UsageError(
      `there is no environment "${name}"; there are ${environments.map(environment => environment.name).join(', ')}${why}`,
    );
  });
}

/**
 * Exactly one environment, named by the command's first word. What is wrong in the repository or its config file is said
 * on standard error. Throws UsageError.
 */
export function chooseOne(loaded: Loaded, name: string | undefined, command: string): Environment {
  const [environment] = choose(loaded, name === undefined ? [] : [name]);
  if (environment === undefined || name === undefined) {
    const names = loaded.environments.map(known => known.name).join(', ');
    throw new UsageError(`${command} takes an environment: one of ${names}`);
  }
  for (const problem of loaded.problems)
    process.stderr.write(`${problem.severity}: ${plainLine(formatProblem(problem))}\n`);
  return environment;
}

/** How to write text to standard output: in colour where it is a terminal that has any, and they are wanted. */
export function textStyle(flags: Flags): TextStyle {
  const color = process.stdout.isTTY && colorDepthOf(process.env, flags.color) !== 'none';
  return {color, ascii: flags.ascii};
}

/** The format that --output asks for; meow has checked that it is one of them. */
export function outputFormat(flags: Flags): 'text' | 'json' | 'yaml' {
  return flags.output === 'json' || flags.output === 'yaml' ? flags.output : 'text';
}

/** A document as JSON or YAML text that ends with a line end. */
export function formatDocument(document: JsonObject, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${stringifyJson(document, 2)}\n`;
  return dump(document, {lineWidth: -1, noRefs: true});
}

/** Writes to standard output and waits until it is written: a pipe's reader may be slow, or gone. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, error => {
      if (error === null || error === undefined || ('code' in error && error.code === 'EPIPE')) resolve();
      else reject(error);
    });
  });
}
