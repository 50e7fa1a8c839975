import type {Environment} from '../../environments/types.ts';
import type {Tree} from '../../repository/types.ts';
import {formatIdentity, identityOf} from '../../resources/identity.ts';
import type {JsonObject} from '../../resources/json.ts';
import type {ChangeContext} from '../publish.ts';
import {brokenWords, promotionContext} from './choices.ts';
import {withLive} from './live.ts';
import {
  type MatrixEnvironment,
  promotionOrder,
  type VersionMatrix,
  type VersionRow,
  versionMatrix,
} from './matrix.ts';
import {type LoadedSide, loadTree} from './sides.ts';

/**
 * The versions of all applications in all environments, in promotion order: as git has them at the trees that `treeOf`
 * gives, with what ran otherwise when an environment was last compared, and since when a version is waiting. An
 * environment that can't be read is a column that says so. Throws on abort.
 */
export async function readMatrix(
  given: ChangeContext,
  treeOf: (environment: Environment) => Promise<Tree>,
  signal?: AbortSignal,
): Promise<VersionMatrix> {
  const context = promotionContext(given);
  const sides: (LoadedSide | null)[] = [];
  const environments: MatrixEnvironment[] = [];
  // One after the other: a kustomize for each at once would only fight for the processors.
  for (const environment of promotionOrder(context.environments)) {
    const column = await readColumn(context, environment, treeOf, signal);
    sides.push(column.side);
    const {name, promotesFrom} = environment;
    const report = context.lastReport?.(name);
    environments.push({
      name,
      protected: environment.protected,
      promotesFrom,
      revision: column.side?.revision ?? null,
      problem: column.problem,
      compared: report !== undefined && report.syncStatus !== 'Unknown',
    });
  }
  const rows = versionMatrix(
    environments.map(({name, promotesFrom}, index) => {
      const side = sides[index];
      const nothing = {names: {environment: name, namespaces: [], prefix: '', suffix: ''}, resources: []};
      return {...(side ?? nothing), promotesFrom};
    }),
  );
  const objects = new Map(
    sides.flatMap(side =>
      (side?.resources ?? []).map(({object}): [string, JsonObject] => [
        `${side?.environment.name} ${formatIdentity(identityOf(object))}`,
        object,
      ]),
    ),
  );
  const live = withLive(
    rows,
    name => context.lastReport?.(name),
    (environment, subject) => objects.get(`${environment} ${subject}`),
  );
  return {environments, rows: await withAges(context, live, environments, signal)};
}

async function readColumn(
  {renderings}: ReturnType<typeof promotionContext>,
  environment: Environment,
  treeOf: (environment: Environment) => Promise<Tree>,
  signal: AbortSignal | undefined,
): Promise<{side: LoadedSide | null; problem: string | null}> {
  try {
    const side = await loadTree(renderings, environment, await treeOf(environment), signal);
    return {side, problem: brokenWords(side)[0] ?? null};
  } catch (error) {
    signal?.throwIfAborted();
    return {side: null, problem: error instanceof Error ? error.message : String(error)};
  }
}

/** Since when the environment that one is promoted from has the version that it lacks: when that line was last changed. */
async function withAges(
  {repository}: ChangeContext,
  rows: readonly VersionRow[],
  environments: readonly MatrixEnvironment[],
  signal: AbortSignal | undefined,
): Promise<VersionRow[]> {
  const fromOf = environments.map(({promotesFrom}) =>
    environments.findIndex(({name}) => name === promotesFrom),
  );
  const wanted = new Map<string, {revision: string; file: string; lines: Set<number>}>();
  const place = (row: VersionRow, column: number) => {
    const cell = row.cells[column];
    const from = row.cells[fromOf[column] ?? -1];
    const revision = environments[fromOf[column] ?? -1]?.revision;
    const isWaiting = cell && from && (cell.against === 'behind' || cell.against === 'differs');
    if (!isWaiting || !from.location || !revision) return undefined;
    return {revision, ...from.location, key: `${revision} ${from.location.file}`};
  };
  for (const row of rows) {
    for (const column of row.cells.keys()) {
      const found = place(row, column);
      if (found === undefined) continue;
      const {revision, file, line, key} = found;
      const known = wanted.get(key) ?? {revision, file, lines: new Set()};
      wanted.set(key, known);
      known.lines.add(line);
    }
  }
  const times = new Map<string, string>();
  for (const [key, {revision, file, lines}] of wanted) {
    // Without its history (a shallow clone, an uncommitted line) only the age stays unknown.
    const blamed = await repository.blame(revision, file, [...lines], signal).catch(() => undefined);
    signal?.throwIfAborted();
    for (const [line, {time}] of blamed ?? []) times.set(`${key}:${line}`, time);
  }
  return rows.map(row => ({
    ...row,
    cells: row.cells.map((cell, column) => {
      const found = place(row, column);
      const since = found === undefined ? undefined : times.get(`${found.key}:${found.line}`);
      return cell === null || since === undefined ? cell : {...cell, since};
    }),
  }));
}
