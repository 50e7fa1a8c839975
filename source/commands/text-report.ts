import type {
  EnvironmentReport,
  FieldChange,
  HiddenField,
  ResourceDrift,
  ResourceStatus,
} from '../drift/types.ts';
import {formatIdentity} from '../resources/identity.ts';
import {formatProblem, type Problem} from '../resources/problem.ts';
import {plain, plainLine} from '../text/plain.ts';
import {formatValue} from './document.ts';

/** How text reaches this terminal or file. */
export interface TextStyle {
  color: boolean;
  ascii: boolean;
}

type Color = 'red' | 'green' | 'yellow' | 'grey' | 'bold';

// Grey is faint: the palette's own (bright black) is the background of Solarized.
const codes: Record<Color, string> = {red: '31', green: '32', yellow: '33', grey: '2', bold: '1'};

const marks: Record<ResourceStatus, {glyph: string; ascii: string; color: Color}> = {
  Synced: {glyph: '✓', ascii: '=', color: 'green'},
  Modified: {glyph: '~', ascii: '~', color: 'yellow'},
  Missing: {glyph: '+', ascii: '+', color: 'red'},
  Extra: {glyph: '-', ascii: '-', color: 'red'},
  Unknown: {glyph: '?', ascii: '?', color: 'grey'},
};

/**
 * `diff` for people: each environment, what drifted in it field by field, and who did it; with `ignored` also what the
 * comparison found to differ and to be no drift. Ends with a line end.
 */
export function diffText(
  reports: readonly EnvironmentReport[],
  problems: readonly Problem[],
  style: TextStyle,
  {ignored = false}: {ignored?: boolean} = {},
): string {
  const lines = problems.map(problem => paint('red', plainLine(formatProblem(problem)), style));
  for (const report of reports) {
    if (lines.length > 0) lines.push('');
    lines.push(headline(report, style));
    for (const problem of report.errors) {
      const color = problem.severity === 'error' ? 'red' : 'yellow';
      lines.push(`  ${paint(color, `${problem.severity}: ${plainLine(formatProblem(problem))}`, style)}`);
    }
    for (const resource of report.resources) {
      const hidden = ignored ? resource.hidden : [];
      if (resource.status === 'Synced' && resource.notes.length === 0 && hidden.length === 0) continue;
      lines.push(...resourceLines(resource, style), ...hidden.map(field => hiddenLine(field, style)));
    }
    lines.push(...leftOutLines(report, style));
    lines.push(...orphanLines(report, style));
  }
  return `${lines.join('\n')}\n`;
}

/** `status` for people: a table of environments. Ends with a line end. */
export function statusText(
  reports: readonly EnvironmentReport[],
  problems: readonly Problem[],
  style: TextStyle,
): string {
  const rows = reports.map(report => [
    report.environment,
    report.context ?? '-',
    report.syncStatus,
    report.healthStatus,
    String(report.summary.synced),
    String(report.summary.modified),
    String(report.summary.missing),
    String(report.summary.extra),
    String(report.summary.unknown),
    liveText(report),
    short(report.desiredRevision),
  ]);
  const header = ['ENVIRONMENT', 'CONTEXT', 'SYNC', 'HEALTH', 'SYNCED', '~', '+', '-', '?', 'LIVE', 'GIT'];
  const lines = table([header, ...rows]);
  for (const problem of [
    ...problems,
    ...reports.flatMap(report => report.errors.map(error => within(report, error))),
  ]) {
    lines.push(
      paint(problem.severity === 'error' ? 'red' : 'yellow', plainLine(formatProblem(problem)), style),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Columns as wide as their widest cell, two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map(row => row.map(plainLine));
  const widths: number[] = [];
  for (const row of cells)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return cells.map(row =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Seven digits of a revision, `-` for none. */
export function short(revision: string | null): string {
  if (revision === null) return '-';
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;
}

/** What is live: `9be01d4`; `~9be01d4` where nobody recorded it and that comes nearest; `-` where it is not known. */
function liveText({liveRevision, liveMatch}: EnvironmentReport): string {
  return liveRevision === null && liveMatch !== undefined
    ? `~${short(liveMatch.revision)}`
    : short(liveRevision);
}

/** A time (ISO 8601, of any zone) to the minute, in UTC: what git and the cluster tell can then be compared. */
export function minute(time: string): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** Colours text by ANSI code where the style asks for it. */
export function paint(color: Color, text: string, style: TextStyle): string {
  return style.color ? `\u001B[${codes[color]}m${text}\u001B[0m` : text;
}

function within(report: EnvironmentReport, problem: Problem): Problem {
  return {...problem, message: `${report.environment}: ${problem.message}`};
}

function headline(report: EnvironmentReport, style: TextStyle): string {
  const {summary} = report;
  const total = summary.synced + summary.modified + summary.missing + summary.extra + summary.unknown;
  const counts = `${total} objects: ${summary.synced} synced, ${summary.modified} modified, ${summary.missing} missing, ${summary.extra} extra, ${summary.unknown} unknown`;
  const color =
    report.syncStatus === 'Synced' ? 'green' : report.syncStatus === 'Unknown' ? 'grey' : 'yellow';
  const where = `context ${report.context ?? 'none'}, git ${short(report.desiredRevision)}, live ${liveText(report)}`;
  return `${paint('bold', plainLine(report.environment), style)}  ${paint(color, report.syncStatus, style)}  ${report.healthStatus}  ${plainLine(where)}  ${counts}`;
}

function resourceLines(resource: ResourceDrift, style: TextStyle): string[] {
  const mark = marks[resource.status];
  const title = `${style.ascii ? mark.ascii : mark.glyph} ${resource.status} ${plainLine(formatIdentity(resource.id))}`;
  const {source} = resource;
  const where = source === null ? '' : `${source.file}:${source.line}`;
  const lines = [`  ${paint(mark.color, title, style)}${aside(where, style)}`];
  for (const field of resource.fields) lines.push(`      ${fieldLine(field, style)}`);
  if (resource.error !== null) lines.push(`      ${paint('red', `! ${plainLine(resource.error)}`, style)}`);
  for (const note of resource.notes) lines.push(`      ${paint('grey', `note: ${plainLine(note)}`, style)}`);
  return lines;
}

/** What differs and is no drift. */
function hiddenLine({path, desired, live, because}: HiddenField, style: TextStyle): string {
  const value = (json: HiddenField['live']) => clip(plain(formatValue(json)).replaceAll('\n', '\\n'));
  const sides = [
    ...(desired === undefined ? [] : [`git ${value(desired)}`]),
    ...(live === undefined ? [] : [`live ${value(live)}`]),
  ];
  const words = `no drift: ${plainLine(path)}${sides.length === 0 ? '' : `: ${sides.join(', ')}`}`;
  return `      ${paint('grey', `${words} (${plainLine(because)})`, style)}`;
}

/** What of git is neither compared nor applied. */
function leftOutLines({leftOut = []}: EnvironmentReport, style: TextStyle): string[] {
  return leftOut.map(({id, source, reason}) => {
    const words = `left out: ${formatIdentity(id)}  ${source.file}:${source.line}  ${reason}`;
    return `  ${paint('grey', plainLine(words), style)}`;
  });
}

/** What is nobody's, where it was asked for: beside the drift, not part of it. */
function orphanLines({orphans}: EnvironmentReport, style: TextStyle): string[] {
  if (orphans === undefined) return [];
  const count = orphans.length === 1 ? '1 orphan' : `${orphans.length} orphans`;
  const title = `${count}: in its namespaces and nobody's; no drift`;
  return [
    `  ${paint('grey', title, style)}`,
    ...orphans.map(id => `    ${paint('grey', plainLine(formatIdentity(id)), style)}`),
  ];
}

function fieldLine(field: FieldChange, style: TextStyle): string {
  const value = (json: FieldChange['live']) => clip(plain(formatValue(json)).replaceAll('\n', '\\n'));
  const change = {
    changed: `${value(field.desired)} ${style.ascii ? '->' : '→'} ${value(field.live)}`,
    added: `not in git, live ${value(field.live)}`,
    removed: `git ${value(field.desired)}, not live`,
  }[field.change];
  const who = field.manager === undefined ? '' : `by ${field.manager} ${field.changedAt ?? ''}`;
  const line = field.location === undefined ? '' : `${field.location.file}:${field.location.line}`;
  const commit = field.commit === undefined ? '' : `git ${short(field.commit)} ${field.author ?? ''} ${line}`;
  return `${plainLine(field.path)}: ${change}${aside(who, style)}${aside(commit, style)}`;
}

/** A grey remark behind a line, or nothing. */
function aside(text: string, style: TextStyle): string {
  const line = plainLine(text);
  return line === '' ? '' : `  ${paint('grey', line, style)}`;
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
