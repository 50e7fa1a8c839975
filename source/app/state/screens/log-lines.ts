import type {LogLine} from '../../../looks/types.ts';

/** So many lines are kept; older ones go. */
export const mostLines = 20_000;

/** And so many characters: lines may be long. */
export const mostCharacters = 16_000_000;

/** A line of a log with a number that only it has. */
export interface KeptLine extends LogLine {
  readonly id: number;
}

/** The lines that are known, in the order of their times, the last ones where there are too many. */
export interface LogLines {
  readonly lines: readonly KeptLine[];
  readonly nextId: number;
  /** Of all of them. */
  readonly characters: number;
  /** Lines that are not here any more, or never were. */
  readonly dropped: number;
  /** How many came of each container, by pod and container: what is asked of before them counts from there. */
  readonly counts: ReadonlyMap<string, number>;
}

export const noLines: LogLines = {lines: [], nextId: 0, characters: 0, dropped: 0, counts: new Map()};

/** With lines that came, which are in order: each goes where its time puts it, which mostly is the end. */
export function withLines(before: LogLines, added: readonly LogLine[], dropped: number): LogLines {
  let {nextId} = before;
  const counts = new Map(before.counts);
  const fresh = added.map((line): KeptLine => {
    if (line.kind === 'log') counts.set(sourceKey(line), (counts.get(sourceKey(line)) ?? 0) + 1);
    return {...line, id: nextId++};
  });
  const all = merged(before.lines, fresh);
  let characters = before.characters + lengthOf(added);
  let over = 0;
  // The last one stays, however long it is.
  while (all.length - over > mostLines || (characters > mostCharacters && all.length - over > 1)) {
    characters -= all[over]?.text.length ?? 0;
    over++;
  }
  return {
    lines: over === 0 ? all : all.slice(over),
    nextId,
    characters,
    dropped: before.dropped + dropped + over,
    counts,
  };
}

/** With earlier lines in front: only as many as there is room for. */
export function withEarlier(before: LogLines, earlier: readonly LogLine[]): LogLines {
  const room = mostLines - before.lines.length;
  const kept = room <= 0 || isFull(before) ? [] : earlier.slice(-room);
  let {nextId} = before;
  const counts = new Map(before.counts);
  const fresh = kept.map((line): KeptLine => {
    counts.set(sourceKey(line), (counts.get(sourceKey(line)) ?? 0) + 1);
    return {...line, id: nextId++};
  });
  return {
    ...before,
    lines: merged(fresh, before.lines),
    nextId,
    characters: before.characters + lengthOf(kept),
    counts,
  };
}

/** True where no more can be kept: earlier lines would push out later ones. */
export function isFull({lines, characters}: LogLines): boolean {
  return lines.length >= mostLines || characters >= mostCharacters;
}

function lengthOf(lines: readonly LogLine[]): number {
  return lines.reduce((sum, {text}) => sum + text.length, 0);
}

export function sourceKey({pod, container}: {pod: string; container: string}): string {
  return `${pod} ${container}`;
}

function merged(before: readonly KeptLine[], added: readonly KeptLine[]): KeptLine[] {
  const first = added.find(({time}) => time !== '')?.time ?? '';
  // Lines that are later than what comes are few: those of the last moment.
  let at = before.length;
  while (at > 0 && first !== '' && (before[at - 1]?.time ?? '') > first) at--;
  if (at === before.length) return [...before, ...added];
  const result = before.slice(0, at);
  const rest = before.slice(at);
  let [left, right] = [0, 0];
  while (left < rest.length || right < added.length) {
    const [a, b] = [rest[left], added[right]];
    // A line without a time stays behind what it came after.
    if (b === undefined || (a !== undefined && (a.time === '' || (b.time !== '' && a.time <= b.time)))) {
      if (a !== undefined) result.push(a);
      left++;
    } else {
      result.push(b);
      right++;
    }
  }
  return result;
}
