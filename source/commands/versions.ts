import type {VersionCell, VersionMatrix, VersionRow} from '../changes/promotion/matrix.ts';
import {formatPath} from '../resources/field-path.ts';
import type {JsonObject} from '../resources/json.ts';
import {plainLine} from '../text/plain.ts';
import {begin, formatDocument, outputFormat, print} from './common.ts';
import type {Flags} from './flags.ts';
import {table} from './text-report.ts';

/**
 * `gitops-tui versions`: which version of each application is in which environment, as git has it; with what runs where
 * that is another one. Gives 0, or 2 where an environment could not be read.
 */
export async function run(_words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    // Which are out of reach the matrix tells: what runs there is not known.
    await Promise.all(loaded.environments.map(({name}) => session.inspect(name, signal, () => {})));
    const matrix = await session.versions(signal);
    const format = outputFormat(flags);
    await print(format === 'text' ? matrixText(matrix) : formatDocument(matrixDocument(matrix), format));
    return matrix.environments.some(({problem}) => problem !== null) ? 2 : 0;
  } finally {
    session.close();
  }
}

/** The matrix as a table. Ends with a line end. */
export function matrixText({environments, rows}: VersionMatrix): string {
  const head = ['APPLICATION', ...environments.map(({name}) => name.toUpperCase())];
  const lines = rows.map(row => [row.application, ...row.cells.map(cellText)]);
  const notes = environments.flatMap(({name, problem, compared}) => [
    ...(problem === null ? [] : [`${name}: ${problem}`]),
    ...(compared ? [] : [`${name}: what runs there is not known`]),
  ]);
  return `${[...table([head, ...lines]), ...notes].map(line => plainLine(line)).join('\n')}\n`;
}

function cellText(cell: VersionCell | null): string {
  if (cell === null) return '-';
  const live = cell.live === null ? '' : ` (live ${cell.live.version})`;
  const against = cell.against === null || cell.against === 'same' ? '' : ` ${cell.against}`;
  return `${cell.version}${live}${against}`;
}

function matrixDocument({environments, rows}: VersionMatrix): JsonObject {
  return {
    schemaVersion: 1,
    environments: environments.map(environment => ({...environment})),
    applications: rows.map(rowDocument),
  };
}

function rowDocument({application, kind, container, repository, cells}: VersionRow): JsonObject {
  return {
    application,
    kind,
    container,
    repository,
    versions: cells.flatMap(cell => (cell === null ? [] : [cellDocument(cell)])),
  };
}

function cellDocument({
  environment,
  subject,
  image,
  version,
  location,
  path,
  live,
  against,
  since,
}: VersionCell): JsonObject {
  return {
    environment,
    object: subject,
    path: formatPath(path),
    image,
    version,
    live: live === null ? null : {...live},
    against,
    since,
    source: location === null ? null : {file: location.file, line: location.line},
  };
}
