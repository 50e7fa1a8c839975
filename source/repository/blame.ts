import {devNull} from 'node:os';
import {RepositoryError} from './error.ts';
import {checkFolder, checkObjectId, type Git} from './git.ts';
import type {BlameLine} from './types.ts';

const withoutUserConfig = {GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1'};

/** Beyond so many ranges git is quicker asked for the whole file. */
const mostRanges = 200;

/**
 * Who last changed lines of a file (from 1) at a revision, or in the 'worktree'. Lines that the file does not have, that
 * are not committed yet, or (in a shallow clone) whose history was not fetched are left out. Throws RepositoryError.
 */
export async function blame(
  git: Git,
  revision: string,
  file: string,
  lines: readonly number[],
  options: {shallow: boolean; signal?: AbortSignal | undefined},
): Promise<Map<number, BlameLine>> {
  if (lines.length === 0) return new Map();
  const ranges = toRanges(lines);
  const at = revision === 'worktree' ? [] : [checkObjectId(revision)];
  const command = ['blame', '--porcelain', '--no-textconv', '--encoding=UTF-8'];
  const limited =
    ranges.length > mostRanges ? [] : ranges.flatMap(([first, last]) => ['-L', `${first},${last}`]);
  const target = [...at, '--', checkFolder(file)];
  const ask = (range: readonly string[], env: Record<string, string> = {}) =>
    git.text([...command, ...range, ...target], {signal: options.signal, env});
  let output: string;
  try {
    output = await ask(limited);
  } catch (error) {
    const words = error instanceof RepositoryError ? error.message : '';
    // A line beyond the end fails the whole command: then all lines, of which those that exist are kept.
    if (/has only \d+ lines?/.test(words)) output = await ask([]);
    // A blame.ignoreRevsFile for all repositories fails in those that lack it, and a later setting can't undo it.
    else if (/could not open object name list/.test(words)) output = await ask([], withoutUserConfig);
    else throw error;
  }
  const wanted = new Set(lines);
  const found = new Map<number, BlameLine>();
  for (const {line, boundary, commit} of parseBlame(output)) {
    if (!wanted.has(line) || /^0+$/.test(commit.sha) || (boundary && options.shallow)) continue;
    found.set(line, commit);
  }
  return found;
}

/** Sorted ranges that cover the lines, neighbours joined. */
export function toRanges(lines: readonly number[]): (readonly [first: number, last: number])[] {
  const ranges: [number, number][] = [];
  for (const line of [...new Set(lines)].filter(line => line > 0).sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}

interface Blamed {
  line: number;
  /** True where the history that git has ends at this commit. */
  boundary: boolean;
  commit: BlameLine;
}

/** `git blame --porcelain`: a line's header, what is new about its commit, then the line itself after a tab. */
export function parseBlame(output: string): Blamed[] {
  const commits = new Map<string, Map<string, string>>();
  const blamed: Blamed[] = [];
  let line = 0;
  let sha = '';
  for (const text of output.split('\n')) {
    if (text.startsWith('\t')) {
      const facts = commits.get(sha) ?? new Map();
      blamed.push({
        line,
        boundary: facts.has('boundary'),
        commit: {
          sha,
          author: facts.get('author') ?? '',
          time: isoTime(facts.get('author-time'), facts.get('author-tz')),
          subject: facts.get('summary') ?? '',
        },
      });
      continue;
    }
    const header = /^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/.exec(text);
    if (header !== null) {
      sha = header[1] ?? '';
      line = Number(header[2]);
      if (!commits.has(sha)) commits.set(sha, new Map());
      continue;
    }
    const space = text.indexOf(' ');
    const name = space === -1 ? text : text.slice(0, space);
    commits.get(sha)?.set(name, space === -1 ? '' : text.slice(space + 1));
  }
  return blamed;
}

/** Seconds since 1970 and `+0200` as ISO 8601, like git's own %aI. */
export function isoTime(seconds: string | undefined, zone: string | undefined): string {
  const [, sign = '+', hours = '00', minutes = '00'] = /^([+-])(\d\d)(\d\d)$/.exec(zone ?? '') ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const local = new Date((Number(seconds ?? 0) + offset * 60) * 1000);
  const text = Number.isNaN(local.getTime()) ? '1970-01-01T00:00:00' : local.toISOString().slice(0, 19);
  return `${text}${offset === 0 ? 'Z' : `${sign}${hours}:${minutes}`}`;
}
