import {existsSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Program} from '../app/keys/command.ts';
import {run, runDetached, runInteractive} from '../process/run.ts';

/** A program with its arguments; there is never a shell. */
export interface ProgramCall {
  file: string;
  args: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The user's editor on a file at a line (from 1): $VISUAL, else $EDITOR, else vi, as git has it
 * (https://git-scm.com/docs/git-var). There is no shell: the variable is split at
 * white space, but for what stands in quotes, and nothing else in it means anything. `wait` asks
 * an editor with windows of its own not to return before the file is closed.
 */
export function editorCall(env: Variables, file: string, line: number, wait = false): ProgramCall {
  const set = [env['VISUAL'], env['EDITOR']].find(value => value !== undefined && value.trim() !== '');
  const [program = 'vi', ...own] = wordsOf(set ?? 'vi');
  const name = path
    .basename(program)
    .toLowerCase()
    .replace(/\.exe$/, '');
  const hasWait = own.some(argument => argument === '--wait' || argument === '-w');
  const waiting = wait && !hasWait ? ['--wait'] : [];
  if (/^(?:vim?|nvim|view|nano|pico|emacs|emacsclient|micro|kak|joe|ne)$/.test(name))
    return {file: program, args: [...own, `+${line}`, file]};
  if (/^(?:code|code-insiders|codium|vscodium|cursor|windsurf)$/.test(name))
    return {file: program, args: [...own, ...waiting, '--goto', `${file}:${line}`]};
  if (/^(?:subl|sublime_text|zed|zeditor)$/.test(name))
    return {file: program, args: [...own, ...waiting, `${file}:${line}`]};
  if (/^(?:hx|helix)$/.test(name)) return {file: program, args: [...own, `${file}:${line}`]};
  return {file: program, args: [...own, file]};
}

function wordsOf(text: string): string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map(word => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/**
 * Opens a file at a line in the user's editor, in this terminal; `wait` as in `editorCall`. Throws with what to do where it
 * can't.
 */
export async function openEditor(file: string, line: number, wait = false): Promise<void> {
  if (!existsSync(file)) throw new Error(`${file} is not in the working tree: it is only in git`);
  await runEditor(editorCall(process.env, file, line, wait), path.dirname(file));
}

/**
 * Lets the user edit a text in the editor; gives it as it was saved. The file is the user's alone and gone afterwards. An
 * editor that ends with an error leaves the text as it was, and throws.
 */
export async function editText(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gitops-tui-'));
  try {
    const file = path.join(folder, 'PULL_REQUEST.md');
    await writeFile(file, text === '' || text.endsWith('\n') ? text : `${text}\n`, {mode: 0o600});
    await runEditor(editorCall(process.env, file, 1, true), folder);
    return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n').trim();
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/**
 * Runs a program in this terminal; gives its exit code. Throws where it can't be started (it is not there, its folder is
 * gone) or a signal ended it. The terminal must be lent (`AppTerminal.lend`).
 */
export function runProgram({file, args, ...options}: Program): Promise<number> {
  return runInteractive(file, args, options);
}

async function runEditor({file, args}: ProgramCall, cwd: string): Promise<void> {
  let exitCode: number;
  try {
    exitCode = await runInteractive(file, args, {cwd});
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}; $VISUAL or $EDITOR names the editor`, {cause: error});
  }
  if (exitCode !== 0) throw new Error(`${file} ended with ${exitCode}; $VISUAL or $EDITOR names the editor`);
}

/**
 * What opens an address in a browser on this machine's screen; null where there is none to see it on (over SSH, without a
 * display), or where it is no web address.
 */
export function browserCall(env: Variables, platform: NodeJS.Platform, url: string): ProgramCall | null {
  if (!/^https?:\/\/[^\s]+$/.test(url)) return null;
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return null;
  if (platform === 'darwin') return {file: 'open', args: [url]};
  if (platform === 'win32') return {file: 'rundll32', args: ['url.dll,FileProtocolHandler', url]};
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return null;
  return {file: 'xdg-open', args: [url]};
}

/** Opens an address in the browser; false where that can't be done, so that the address is shown instead. */
export async function openBrowser(url: string): Promise<boolean> {
  const call = browserCall(process.env, process.platform, url);
  return call !== null && runDetached(call.file, call.args);
}

/**
 * Copies a text by the tmux around this program: into a buffer of its own, and to the clipboard of the terminal that it is
 * attached to, which it keeps from programs by default (set-clipboard, tmux(1)). False without tmux, or with one before 3.2.
 */
export async function copyByTmux(text: string, env: Variables): Promise<boolean> {
  if (!env['TMUX']) return false;
  try {
    const {exitCode} = await run('tmux', ['load-buffer', '-w', '-'], {input: text, timeoutMs: 2000});
    return exitCode === 0;
  } catch {
    return false;
  }
}
