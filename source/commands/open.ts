import {statSync} from 'node:fs';
import type {Session} from '../app/session.ts';
import type {CommonOptions} from '../app/start.tsx';
import {isAskedFor, isDumb} from '../plain/wanted.ts';
import {readPreferences} from '../preferences/read.ts';
import {themeNames} from '../preferences/types.ts';
import type {Remembered} from '../remembered/types.ts';
import {shadeByEnvironment} from '../terminal/background.ts';
import {colorDepthOf} from '../terminal/color-depth.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import {workspaceOptions} from './workspace-options.ts';

/** `gitops-tui [PATH]`: opens the app on a repository. Gives the app's exit status. */
export async function run(words: string[], flags: Flags): Promise<number> {
  const [path, ...more] = words;
  if (more.length > 0) throw new UsageError(`one repository at a time: "${more.join(' ')}" is too much`);
  if (path !== undefined && !isFolder(path)) {
    throw new UsageError(`"${path}" is neither a folder nor a command: gitops-tui --help lists the commands`);
  }
  const repository = path ?? flags.repository ?? '.';
  try {
    return await show(
      flags,
      async () => {
        const {openWorkspace} = await import('../workspace.ts');
        return openWorkspace(workspaceOptions(flags, repository));
      },
      {remembered: lastViews(flags)},
    );
  } finally {
    endSoon();
  }
}

/**
 * Shows the app on a session that is made after the first frame, so that nothing it needs delays that frame. `kubeconfig`
 * gives the file that other programs are to use, too.
 * Throws UsageError where there is no terminal to show it on.
 */
export async function show(
  flags: Flags,
  makeSession: () => Promise<Session>,
  options: {kubeconfig?: () => string | undefined; remembered?: Remembered} = {},
): Promise<number> {
  const {kubeconfig = () => flags.kubeconfig, remembered} = options;
  const isAsked = isAskedFor(flags.plain, process.env);
  if (!isAsked && (!process.stdin.isTTY || !process.stdout.isTTY)) {
    throw new UsageError(
      'the app needs a terminal; in scripts use gitops-tui diff, status, log, sync or revert, or --plain',
    );
  }
  const dumb = isDumb(process.env, process.platform);
  const isPlain = isAsked || dumb;
  // Neither waits for the other: where there is no preferences file, reading it costs a look at the disk. What is not shown
  // is not loaded.
  const [start, preferences] = await Promise.all([
    isPlain ? import('../plain/start.ts') : import('../app/start.tsx'),
    readPreferences(process.env, flags.preferences),
  ]);
  const session = new Promise<void>(resolve => setImmediate(resolve)).then(makeSession);
  // The app shows the failure; without a handler here Node would end the process before it can.
  session.catch(() => {});
  // Loaded when it is asked for: what starts programs is no part of the first frame.
  const programs = () => import('./programs.ts');
  const common: CommonOptions = {
    stdin: process.stdin,
    stdout: process.stdout,
    readOnly: flags.readOnly,
    preferences: {...preferences, mouse: flags.mouse ?? preferences.mouse},
    onEditor: async (file, line, wait) => (await programs()).openEditor(file, line, wait),
    onText: async text => (await programs()).editText(text),
    onProgram: async program => {
      const file = kubeconfig();
      const env = file === undefined ? {} : {env: {KUBECONFIG: file}};
      return (await programs()).runProgram({...env, ...program});
    },
    onK9s: async place => (await import('./k9s.ts')).openK9s(place, kubeconfig()),
    onPager: async text => (await import('./pager.ts')).openPager(text),
    onBrowser: async url => (await programs()).openBrowser(url),
  };
  try {
    if ('startPlain' in start) return await start.startPlain(session, {...common, dumb});
    return await start.startApp(session, {
      ...common,
      ascii: flags.ascii,
      color: colorDepthOf(process.env, flags.color),
      theme: themeNames.find(name => name === flags.theme) ?? preferences.theme,
      shade: shadeByEnvironment(process.env) ?? 'dark',
      ...(remembered === undefined ? {} : {remembered}),
      onCopy: async text => (await programs()).copyByTmux(text, process.env),
    });
  } finally {
    // One that is still being made is closed when it is there; the user doesn't wait for it.
    void session.then(opened => opened.close()).catch(() => {});
  }
}

/** The last views, read and written after the first frame; --fresh looks at none, but keeps this one. */
function lastViews({fresh}: Flags): Remembered {
  const views = async () => {
    const {rememberedIn, viewsFile} = await import('../remembered/store.ts');
    return rememberedIn(viewsFile(process.env));
  };
  return {
    read: async repository => (fresh ? null : (await views()).read(repository)),
    write: async (repository, view) => (await views()).write(repository, view),
  };
}

/** The user has quit: whatever still holds the process (a socket, a child that is slow to end) gets a moment, no more. */
export function endSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}
