import type {FieldChange, ResourceDrift} from '../../drift/types.ts';
import {maskDigits} from '../../secrets/mask.ts';
import type {TreeRow} from '../state/screens/tree.ts';
import type {EnvironmentScreen} from '../state/state.ts';
import {ageOf} from '../text/age.ts';
import {fit, type Line, line, type Span, span, spread} from '../text/line.ts';
import {clipValue, shortPair, shortPath} from '../text/shorten.ts';
import {healthTone, statusMark} from '../text/status.ts';
import type {Look} from '../text/theme.ts';
import {count, shortValue} from '../text/value.ts';
import {clipMiddle, widthOf} from '../text/width.ts';

interface TreeLineOptions {
  readonly row: TreeRow;
  readonly chosen: boolean;
  readonly inRange: boolean;
  readonly screen: EnvironmentScreen;
  readonly columns: number;
  readonly look: Look;
  readonly now: number;
  /** True where it is what was, not what is: no verdict of now stands. */
  readonly isStale: boolean;
}

/** One row of the drift tree on exactly `columns`. The marker alone says that it is chosen: a step writes two of them. */
export function treeLine(options: TreeLineOptions): Line {
  const {row, chosen, inRange, screen, look, columns} = options;
  const marked = row.kind !== 'namespace' && row.kind !== 'field' && screen.marked.has(row.id);
  const lead = line(
    span(chosen ? '>' : ' ', 'strong'),
    span(inRange ? '|' : marked ? look.glyphs.live : ' ', 'busy'),
  );
  const room = columns - 2;
  switch (row.kind) {
    case 'namespace':
      return [...lead, ...namespaceLine(row, room, look)];
    case 'resource':
      return [...lead, ...resourceLine(row, room, look, options.isStale)];
    case 'field':
      return [...lead, ...fieldLine(row.field, room, look, options.now)];
  }
}

function namespaceLine(row: Extract<TreeRow, {kind: 'namespace'}>, room: number, look: Look): Line {
  const {glyphs} = look;
  const name = row.namespace === '' ? '(cluster)' : row.namespace;
  const {modified, missing, extra, unknown} = row.counts;
  const counts = [
    ...(modified > 0 ? [span(`${glyphs.modified}${modified} `, 'drift')] : []),
    ...(missing > 0 ? [span(`${glyphs.missing}${missing} `, 'bad')] : []),
    ...(extra > 0 ? [span(`${glyphs.extra}${extra} `, 'bad')] : []),
    ...(unknown > 0 ? [span(`${glyphs.unknown}${unknown} `, 'dim')] : []),
  ];
  const fold = row.folded ? glyphs.fold : glyphs.unfold;
  return spread(line(span(`${fold} `, 'dim'), name), counts, room, glyphs.ellipsis);
}

function resourceLine(
  row: Extract<TreeRow, {kind: 'resource'}>,
  room: number,
  look: Look,
  isStale: boolean,
): Line {
  const {glyphs} = look;
  const {resource} = row;
  const {glyph, tone} = statusMark(isStale ? 'Unknown' : resource.status, look);
  const canFold = resource.fields.length > 0 && resource.status !== 'Missing' && resource.status !== 'Extra';
  const fold = canFold ? (row.folded ? glyphs.fold : glyphs.unfold) : ' ';
  const {left} = widths(room);
  const name = clipMiddle(`${resource.id.kind}/${resource.id.name}`, left - 7, glyphs.ellipsis);
  const start = fit(
    line('  ', span(`${fold} `, 'dim'), span(`${glyph} `, tone), name),
    left,
    glyphs.ellipsis,
  );
  return fit([...start, ...remark(resource, room < wideRow, isStale)], room, glyphs.ellipsis);
}

/** What a resource's row says of it in words, in few of them where the room is short. */
function remark(resource: ResourceDrift, short: boolean, isStale: boolean): Span[] {
  if (isStale && resource.status === 'Synced') return [span('was in sync', 'dim')];
  const parts = statusWords(resource, short);
  if (resource.health !== 'Healthy' && resource.health !== 'Unknown' && resource.status !== 'Missing') {
    if (parts.length > 0) parts.push(span(', ', 'dim'));
    parts.push(span(resource.health.toLowerCase(), healthTone(resource.health)));
  }
  if (resource.error !== null && resource.status !== 'Unknown')
    parts.push(span(`, ${resource.error}`, 'bad'));
  return parts;
}

function statusWords(resource: ResourceDrift, short: boolean): Span[] {
  const isLocal = resource.verdict === 'local';
  switch (resource.status) {
    case 'Synced':
      return isLocal ? [span(short ? 'local' : 'in sync, compared here only', 'dim')] : [];
    case 'Modified': {
      const local = isLocal ? (short ? ', local' : ', compared here only') : '';
      return [span(count(resource.fields.length, 'field') + local)];
    }
    case 'Missing':
      return [span(short ? 'not live' : 'not in the cluster; sync creates it')];
    case 'Extra':
      return [span(short ? 'not in git' : 'not in git; prune would delete it')];
    case 'Unknown':
      return [span(`unknown: ${resource.error ?? resource.notes[0] ?? 'no verdict'}`, 'dim')];
  }
}

function fieldLine(field: FieldChange, room: number, look: Look, now: number): Line {
  const {ellipsis} = look.glyphs;
  const {left, value, who} = widths(room, isMasked(field));
  const path = shortPath(field.elements, field.path, left - 7, ellipsis);
  const start = fit(line('      ', path), left, ellipsis);
  const middle = fit(changeWords(field, value - (who > 0 ? 2 : 0), look), value, ellipsis);
  if (who === 0) return [...start, ...middle];
  const age = field.changedAt === undefined ? '' : ` ${ageOf(field.changedAt, now)}`;
  const manager = clipMiddle(field.manager ?? '', who - widthOf(age), ellipsis);
  return [...start, ...middle, ...fit(line(span(`${manager}${age}`, 'dim')), who, ellipsis)];
}

function isMasked({desired, live}: FieldChange): boolean {
  return (maskDigits(desired) ?? maskDigits(live)) !== undefined;
}

/** `3 → 5`, both sides shortened alike where the room is short. */
export function changeWords(field: FieldChange, room: number, look: Look): Line {
  const {arrow, ellipsis} = look.glyphs;
  if (field.change === 'added') {
    return line(
      span('not in git ', 'dim'),
      span(clipValue(shortValue(field.live), room - 11, ellipsis), 'added'),
    );
  }
  if (field.change === 'removed') {
    return line(
      span('not live ', 'dim'),
      span(clipValue(shortValue(field.desired), room - 9, ellipsis), 'removed'),
    );
  }
  const free = room - widthOf(arrow) - 2;
  const [git, live] = shortPair(shortValue(field.desired), shortValue(field.live), free, ellipsis);
  return line(span(git, 'removed'), ` ${arrow} `, span(live, 'added'));
}

// From here on a row has room for who changed the field, and for whole sentences.
const wideRow = 66;

/** Columns of two fingerprints and what stands between them, whole and their digits alone. */
const fingerprints = {whole: 25, digits: 19};

/**
 * Widths of the tree's three columns: name, value, and who where there is room for that. Fingerprints take from the name
 * what they need.
 */
function widths(room: number, masked = false): {left: number; value: number; who: number} {
  if (room < wideRow) {
    const value = Math.max(room - Math.floor(room * 0.58), masked ? fingerprints.digits : 0);
    return {left: room - value, value, who: 0};
  }
  const who = room - Math.floor(room * 0.46) - Math.floor(room * 0.28);
  const value = Math.max(Math.floor(room * 0.28), masked ? fingerprints.whole + 2 : 0);
  return {left: room - value - who, value, who};
}
