import type {ImageReference} from '../../registries/reference.ts';
import type {FieldPath} from '../../resources/field-path.ts';
import {formatIdentity, identityOf} from '../../resources/identity.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {containerImages} from './containers.ts';
import {commonName, type OwnNames, pairObjects} from './pairing.ts';
import {compareVersions, isSameVersion, versionOf} from './promoted-image.ts';

/** An environment in the matrix: what git wants in it. */
export interface MatrixSide {
  names: OwnNames;
  /** The environment that it is promoted from; null for the first of a chain. */
  promotesFrom: string | null;
  resources: readonly DesiredResource[];
}

/** The version of an application in an environment. */
export interface VersionCell {
  environment: string;
  /** The whole image, as git wants it. */
  image: string;
  /** Its tag, or the start of its digest. */
  version: string;
  /** Where git sets it; null where that can't be told. */
  location: SourceLocation | null;
  /** Identity of the object, as `formatIdentity` writes it, and the path of the image in it. */
  subject: string;
  path: FieldPath;
  /** The image that runs where it differs from git's, as of the last comparison; null where it doesn't, or is not known. */
  live: {image: string; version: string} | null;
  /**
   * Against the environment that it is promoted from: `same`, `behind`, `ahead` where both are versions, `differs` where
   * they are not to be ordered; null where there is nothing to compare with.
   */
  against: 'same' | 'behind' | 'ahead' | 'differs' | null;
  /** Since when the other one has the version that this one lacks, ISO 8601; null where that can't be told. */
  since: string | null;
}

/** A column of the matrix. */
export interface MatrixEnvironment {
  name: string;
  protected: boolean;
  promotesFrom: string | null;
  /** The commit that was read: a full SHA; null where the environment could not be read. */
  revision: string | null;
  /** Why it could not be read, or not whole. */
  problem: string | null;
  /** True where what runs there is known, as of its last comparison. */
  compared: boolean;
}

/** Which version of each application is where. */
export interface VersionMatrix {
  /** In promotion order. */
  environments: readonly MatrixEnvironment[];
  rows: readonly VersionRow[];
}

/** An application: a container of a workload, paired across environments. */
export interface VersionRow {
  /** Tells it apart from all others. */
  id: string;
  /** The workload's name in every environment. */
  name: string;
  /** The same, with the container's where the workload has several. */
  application: string;
  kind: string;
  container: string;
  /** The image without its version, as the first environment has it. */
  repository: string;
  /** By environment, in the order of the matrix; null where the environment lacks it. */
  cells: readonly (VersionCell | null)[];
}

interface Row {
  resources: (DesiredResource | null)[];
}

/**
 * The versions of each application across environments, in the order in which these are given. Pure: what runs and since
 * when is added by `withLive` and `withAges`.
 */
export function versionMatrix(sides: readonly MatrixSide[]): VersionRow[] {
  const rows: Row[] = [];
  for (const [column, side] of sides.entries()) addColumn(rows, column, side, sides);
  return rows.flatMap(({resources}) => rowsOf(resources, sides)).sort(byApplication);
}

// Each environment is paired with the ones before it, nearest first: what pairs with none is a row of its own.
function addColumn(rows: Row[], column: number, side: MatrixSide, sides: readonly MatrixSide[]): void {
  let rest: DesiredResource[] = side.resources.filter(({object}) => containerImages(object).length > 0);
  const place = (resource: DesiredResource, row: Row) => {
    row.resources[column] = resource;
  };
  for (let earlier = column - 1; earlier >= 0 && rest.length > 0; earlier--) {
    const other = sides[earlier];
    if (other === undefined) continue;
    const open = new Map(
      rows.flatMap(row => {
        const resource = row.resources[earlier];
        return resource && !row.resources[column] ? [[resource, row] as const] : [];
      }),
    );
    const {pairs, onlyTarget} = pairObjects([...open.keys()], other.names, rest, side.names);
    for (const pair of pairs) {
      const row = open.get(pair.source);
      if (row !== undefined) place(pair.target, row);
    }
    rest = onlyTarget;
  }
  for (const resource of rest)
    rows.push({
      resources: Object.assign(
        sides.map(() => null),
        {[column]: resource},
      ),
    });
}

function rowsOf(resources: readonly (DesiredResource | null)[], sides: readonly MatrixSide[]): VersionRow[] {
  const columns = resources.map(resource => (resource === null ? [] : containerImages(resource.object)));
  const containers = [...new Set(columns.flatMap(images => images.map(({container}) => container)))];
  const first = resources.findIndex(resource => resource !== null);
  const [resource, side] = [resources[first], sides[first]];
  if (!resource || side === undefined) return [];
  const {kind, namespace} = identityOf(resource.object);
  const name = commonName(resource, side.names);
  return containers.map(container => {
    const found = columns.map(images => images.find(image => image.container === container));
    const cells = found.map((image, column): VersionCell | null => {
      const [own, environment] = [resources[column], sides[column]];
      if (image === undefined || !own || environment === undefined) return null;
      const from = sides.findIndex(({names}) => names.environment === environment.promotesFrom);
      return {
        environment: environment.names.environment,
        image: image.text,
        version: versionOf(image.image),
        location: own.locate(image.path) ?? null,
        subject: formatIdentity(identityOf(own.object)),
        path: image.path,
        live: null,
        against: against(image.image, found[from]?.image),
        since: null,
      };
    });
    const shown = found.find(image => image !== undefined);
    return {
      id: `${kind}/${namespace}/${name}/${container}`,
      name,
      application: containers.length > 1 ? `${name} ${container}` : name,
      kind,
      container,
      repository: shown?.image.name ?? '',
      cells,
    };
  });
}

function against(own: ImageReference, from: ImageReference | undefined): VersionCell['against'] {
  if (from === undefined) return null;
  if (isSameVersion(own, from)) return 'same';
  const order = own.tag === null || from.tag === null ? undefined : compareVersions(own.tag, from.tag);
  if (order === undefined || order === 0) return 'differs';
  return order < 0 ? 'behind' : 'ahead';
}

function byApplication(a: VersionRow, b: VersionRow): number {
  return a.id.split('/').at(-2) === b.id.split('/').at(-2)
    ? compareText(a.id, b.id)
    : compareText(a.application, b.application);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The environments in promotion order: each after the one that it is promoted from, else as they are listed. */
export function promotionOrder<Listed extends {name: string; promotesFrom: string | null}>(
  environments: readonly Listed[],
): Listed[] {
  const ordered: Listed[] = [];
  const byName = new Map(environments.map(environment => [environment.name, environment]));
  const add = (environment: Listed, waiting: ReadonlySet<string>) => {
    if (ordered.includes(environment) || waiting.has(environment.name)) return;
    const from = byName.get(environment.promotesFrom ?? '');
    if (from !== undefined) add(from, new Set([...waiting, environment.name]));
    if (!ordered.includes(environment)) ordered.push(environment);
  };
  for (const environment of environments) add(environment, new Set());
  return ordered;
}
