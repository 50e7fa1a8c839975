import type {FieldChange, HiddenField, ResourceDrift} from '../../drift/types.ts';
import type {TreeRow} from '../state/screens/tree.ts';
import {ageOf, ago} from '../text/age.ts';
import {type Line, line, span} from '../text/line.ts';
import {healthTone} from '../text/status.ts';
import type {Look} from '../text/theme.ts';
import {shortRevision} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';

interface DetailOptions {
  readonly row: TreeRow;
  /** How many lines there is room for. */
  readonly rows: number;
  readonly columns: number;
  readonly look: Look;
  readonly now: number;
}

/** Who and where: what stands under the diff of the chosen row, the most telling line first. */
export function detailLines(options: DetailOptions): Line[] {
  const {row, rows} = options;
  if (row.kind === 'namespace') return [];
  const lines =
    row.kind === 'field'
      ? fieldDetail(row.field, row.resource, options)
      : resourceDetail(row.resource, options);
  return lines.slice(0, rows);
}

function fieldDetail(field: FieldChange, resource: ResourceDrift, options: DetailOptions): Line[] {
  const {now, rows} = options;
  const when = field.changedAt === undefined ? '' : `, ${ago(field.changedAt, now)}`;
  const by = field.manager === undefined ? 'unknown (the object names no owner)' : `${field.manager}${when}`;
  const compact = rows <= 3;
  const source = sourceWords(field.location ?? resource.source, options);
  const commit = commitWords(field, now);
  const lines: Line[] = [];
  if (!compact)
    lines.push(labelled('Field', clipMiddle(field.path, options.columns - 13, options.look.glyphs.ellipsis)));
  lines.push(labelled('Changed by', by));
  if (compact) lines.push(labelled('Git', commit === '' ? source : commit));
  else lines.push(labelled('Git source', source), labelled('Last commit', commit));
  const hidden = hiddenWords(resource.hidden);
  lines.push(...troubleLines(resource));
  lines.push(labelled('Hidden', hidden));
  if (!compact) lines.push(labelled('Verdict', verdictWords(resource)));
  return lines;
}

function resourceDetail(resource: ResourceDrift, options: DetailOptions): Line[] {
  const health =
    resource.healthMessage === '' ? resource.health : `${resource.health}: ${resource.healthMessage}`;
  return [
    ...troubleLines(resource),
    labelled('Git source', sourceWords(resource.source, options)),
    line(span('Health'.padEnd(13), 'dim'), span(health, healthTone(resource.health))),
    labelled('Hidden', hiddenWords(resource.hidden)),
    labelled('Verdict', verdictWords(resource)),
  ];
}

function troubleLines(resource: ResourceDrift): Line[] {
  const error = resource.error === null ? [] : [line(span(resource.error, 'bad'))];
  return [...error, ...resource.notes.map(note => line(span('Note'.padEnd(13), 'dim'), note))];
}

function labelled(label: string, text: string): Line {
  return line(span(label.padEnd(13), 'dim'), text);
}

function sourceWords(location: ResourceDrift['source'] | undefined, {columns, look}: DetailOptions): string {
  if (location === null || location === undefined) return 'not in git';
  return clipMiddle(`${location.file}:${location.line}`, columns - 13, look.glyphs.ellipsis);
}

function commitWords(field: FieldChange, now: number): string {
  if (field.commit === undefined) return '';
  const age = field.committedAt === undefined ? '' : ` ${ageOf(field.committedAt, now)}`;
  const subject = field.subject === undefined ? '' : ` "${field.subject}"`;
  return `${shortRevision(field.commit)} ${field.author ?? ''}${age}${subject}`;
}

/** `11 defaulted, 2 ignored (i shows)`. */
export function hiddenWords(hidden: readonly HiddenField[]): string {
  if (hidden.length === 0) return 'nothing';
  const words: Record<HiddenField['reason'], string> = {
    defaulted: 'defaulted',
    ignored: 'ignored',
    controller: 'set by controllers',
    mutated: 'set at admission',
    server: 'set by the server',
  };
  const counts = new Map<string, number>();
  for (const {reason} of hidden) counts.set(words[reason], (counts.get(words[reason]) ?? 0) + 1);
  return `${[...counts].map(([word, number]) => `${number} ${word}`).join(', ')} (i shows)`;
}

function verdictWords(resource: ResourceDrift): string {
  return resource.verdict === 'server' ? 'confirmed by the server' : 'compared here only, not by the server';
}
