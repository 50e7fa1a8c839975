import {randomBytes} from 'node:crypto';
import {mkdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import {type Remembered, type RememberedView, rememberedScreens} from './types.ts';

const kept = 50;
// What this program writes is a fraction of that; whatever is larger is not its own.
const largest = 1024 * 1024;

const text = v.pipe(v.string(), v.maxLength(1000));
const list = v.object({
  chosen: v.nullable(text),
  filter: text,
  sort: text,
  driftOnly: v.boolean(),
});
const view: v.GenericSchema<unknown, RememberedView> = v.object({
  screen: v.picklist(rememberedScreens),
  environment: v.nullable(text),
  overview: list,
  list,
  split: v.boolean(),
  context: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
});
// One that is mistaken costs itself only: another version may have written it.
const file = v.object({
  version: v.literal(1),
  repositories: v.array(v.object({path: v.pipe(v.string(), v.maxLength(4096)), view: v.unknown()})),
});

type Entry = v.InferOutput<typeof file>['repositories'][number];

/**
 * The file of last views: $XDG_STATE_HOME/gitops-tui/views.json, ~/.local/state by default.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function viewsFile(env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_STATE_HOME'] ?? '';
  const home = env['HOME'] || os.homedir();
  // A relative one is to be ignored, says the specification.
  const base = path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state');
  return path.join(base, 'gitops-tui', 'views.json');
}

/** The last views, in a file of the user's alone. One that is broken, or that can't be written, is as if there were none. */
export function rememberedIn(name: string): Remembered {
  return {
    async read(repository) {
      const entry = (await entriesOf(name)).find(({path}) => path === repository);
      const parsed = v.safeParse(view, entry?.view);
      return parsed.success ? parsed.output : null;
    },
    async write(repository, seen) {
      // What would not be read again is not written either.
      if (!v.is(view, seen)) return;
      const others = (await entriesOf(name)).filter(({path}) => path !== repository);
      const repositories = [{path: repository, view: seen}, ...others].slice(0, kept);
      await replace(name, `${JSON.stringify({version: 1, repositories})}\n`);
    },
  };
}

async function entriesOf(name: string): Promise<readonly Entry[]> {
  try {
    if ((await stat(name)).size > largest) return [];
    const parsed = v.safeParse(file, JSON.parse(await readFile(name, 'utf8')));
    return parsed.success ? parsed.output.repositories : [];
  } catch {
    return [];
  }
}

/** Whole or not at all: whoever reads it meanwhile has the one from before. */
async function replace(name: string, content: string): Promise<void> {
  const fresh = `${name}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(path.dirname(name), {recursive: true, mode: 0o700});
    await writeFile(fresh, content, {mode: 0o600, flag: 'wx'});
    await rename(fresh, name);
  } catch {
    await rm(fresh, {force: true}).catch(() => {});
  }
}
