import type {EnvironmentReport, ResourceDrift} from '../../drift/types.ts';
import {parseImage} from '../../registries/reference.ts';
import {formatPath} from '../../resources/field-path.ts';
import {formatIdentity, identityOf} from '../../resources/identity.ts';
import type {JsonObject} from '../../resources/json.ts';
import type {VersionRow} from './matrix.ts';
import {versionOf} from './promoted-image.ts';

/** How an environment was when it was last compared with its cluster; undefined where it never was. */
export type LastReport = EnvironmentReport | undefined;

/**
 * What should be known of a source before its state goes on to another environment: that what its git says is not what
 * runs there, or does not run well. Empty where it is in sync and healthy.
 */
export function sourceCautions(environment: string, revision: string, report: LastReport): string[] {
  if (report === undefined || report.syncStatus === 'Unknown') {
    const why = report?.errors.find(({severity}) => severity === 'error')?.message;
    return [
      `${environment} ${report === undefined ? 'was not compared with its cluster' : 'could not be compared with its cluster whole'}${why === undefined ? '' : ` (${why})`}: whether what its git says runs there is not known`,
    ];
  }
  const found: string[] = [];
  if (report.desiredRevision === 'worktree') {
    found.push(
      `${environment} was compared with files that are not committed; what is promoted is ${revision.slice(0, 7)}`,
    );
  } else if (report.desiredRevision !== revision && report.desiredRevision !== null) {
    const [was, is] = [report.desiredRevision, revision].map(sha => sha.slice(0, 7));
    found.push(`${environment} was compared at ${was}; what is promoted is ${is}`);
  }
  if (report.syncStatus === 'OutOfSync') {
    const {modified, missing, extra} = report.summary;
    const live = report.liveRevision;
    const runs =
      live === null || live === report.desiredRevision
        ? ''
        : `, it was last deployed from ${live.slice(0, 7)}`;
    found.push(
      `${environment} runs something else than its git says: ${modified} modified, ${missing} missing, ${extra} extra${runs}`,
    );
  }
  if (report.healthStatus !== 'Healthy') {
    const ill = report.resources.filter(({health}) => health === report.healthStatus);
    const names = ill.slice(0, 3).map(({id}) => formatIdentity(id));
    const more = ill.length > 3 ? ` and ${ill.length - 3} more` : '';
    found.push(
      `${environment} is ${report.healthStatus}${names.length === 0 ? '' : `: ${names.join(', ')}${more}`}`,
    );
  }
  return found;
}

/** What the last comparison says of one object: it is not as its git says, or not well. */
export function objectCautions(environment: string, object: JsonObject, report: LastReport): string[] {
  const resource = liveOf(object, report);
  if (resource === undefined) return [];
  const found: string[] = [];
  if (resource.status === 'Missing') found.push(`it is not deployed in ${environment} yet`);
  if (resource.health === 'Degraded' || resource.health === 'Progressing')
    found.push(`it is ${resource.health} in ${environment}`);
  return found;
}

/** The value that runs at a path, as text, where it differs from git's; undefined where it does not, or is not known. */
export function liveText(object: JsonObject, path: string, report: LastReport): string | undefined {
  const field = liveOf(object, report)?.fields.find(change => change.path === path);
  return typeof field?.live === 'string' ? field.live : undefined;
}

function liveOf(object: JsonObject, report: LastReport): ResourceDrift | undefined {
  const {group, kind, namespace, name} = identityOf(object);
  return report?.resources.find(
    ({id}) =>
      id.group === group &&
      id.kind === kind &&
      id.name === name &&
      (namespace === '' || id.namespace === namespace),
  );
}

/** The matrix with what runs where that differs from git, as of the last comparison of each environment. */
export function withLive(
  rows: readonly VersionRow[],
  reportOf: (environment: string) => LastReport,
  objectOf: (environment: string, subject: string) => JsonObject | undefined,
): VersionRow[] {
  return rows.map(row => ({
    ...row,
    cells: row.cells.map(cell => {
      const object = cell === null ? undefined : objectOf(cell.environment, cell.subject);
      if (cell === null || object === undefined) return cell;
      const text = liveText(object, formatPath(cell.path), reportOf(cell.environment));
      const image = text === undefined ? null : parseImage(text);
      return image === null || text === undefined
        ? cell
        : {...cell, live: {image: text, version: versionOf(image)}};
    }),
  }));
}
