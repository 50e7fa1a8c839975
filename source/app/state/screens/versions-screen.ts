import type {
  MatrixEnvironment,
  VersionCell,
  VersionMatrix,
  VersionRow,
} from '../../../changes/promotion/matrix.ts';
import type {Problem} from '../../../resources/problem.ts';
import {choose, settle} from '../lists/list.ts';
import {Arranger, chosenOf, freshView, type ListView, type Shown} from '../lists/listing.ts';

/** Which version of each application is in which environment. */
export interface VersionsScreen extends ListView {
  readonly id: 'versions';
  readonly matrix: VersionMatrix | null;
  /** When it was read, in ms. */
  readonly readAt: number | null;
  /** The environment whose column is chosen; null before there is one. */
  readonly environment: string | null;
  readonly failure: Problem | null;
}

/** A fresh screen; the column of this environment is chosen once it is there. */
export function versionsScreen(environment: string | null): VersionsScreen {
  return {id: 'versions', ...freshView, matrix: null, readAt: null, environment, failure: null};
}

/** The applications. One needs a look where an environment differs from the one that it is promoted from. */
export const versionList = new Arranger<VersionRow>({
  key: ({id}) => id,
  fields: {
    app: ({application}) => application,
    version: ({cells}) =>
      cells.flatMap(cell => (cell === null ? [] : [cell.version, cell.live?.version ?? ''])),
    image: ({cells}) => cells.flatMap(cell => cell?.image ?? []),
    state: ({cells}) => (cells.some(differs) ? 'differs' : 'same'),
  },
  orders: [
    {by: 'listed'},
    {by: 'differing', way: 'down', key: ({cells}) => -cells.filter(differs).length},
    {by: 'name', way: 'up', key: ({application}) => application},
  ],
  isDrift: ({cells}) => cells.some(differs),
});

const none: readonly VersionRow[] = [];

/** The rows as they are shown. */
export function shownVersions(screen: VersionsScreen): Shown<VersionRow> {
  return versionList.shown(screen.matrix?.rows ?? none, screen);
}

/** The rows that are shown. */
export function versionRows(screen: VersionsScreen): readonly VersionRow[] {
  return shownVersions(screen).items;
}

function differs(cell: VersionCell | null): boolean {
  return cell !== null && (cell.live !== null || (cell.against !== null && cell.against !== 'same'));
}

/** The keys of the rows. */
export function versionKeys(screen: VersionsScreen): readonly string[] {
  return shownVersions(screen).keys;
}

/** The chosen row, environment and cell; undefined where there is no such. */
export function chosenVersion(screen: VersionsScreen): {
  row: VersionRow | undefined;
  environment: MatrixEnvironment | undefined;
  cell: VersionCell | undefined;
} {
  const row = chosenOf(screen, shownVersions(screen));
  const index = columnIndex(screen);
  return {row, environment: screen.matrix?.environments[index], cell: row?.cells[index] ?? undefined};
}

/** The place of the chosen column; -1 while there is none. */
export function columnIndex({matrix, environment}: VersionsScreen): number {
  const environments = matrix?.environments ?? [];
  const index = environments.findIndex(({name}) => name === environment);
  return index < 0 && environments.length > 0 ? 0 : index;
}

/** The screen with the column to the left or to the right chosen. */
export function moveColumn(screen: VersionsScreen, by: 1 | -1): VersionsScreen {
  const environments = screen.matrix?.environments ?? [];
  const index = Math.max(0, Math.min(environments.length - 1, columnIndex(screen) + by));
  return {...screen, environment: environments[index]?.name ?? screen.environment};
}

/** The screen with its matrix, the choice where it was. */
export function withMatrix(
  screen: VersionsScreen,
  matrix: VersionMatrix,
  readAt: number,
  height: number,
): VersionsScreen {
  const known = {...screen, matrix, readAt, failure: null};
  const keys = versionKeys(known);
  const list =
    screen.list.key === null ? choose(known.list, 0, keys, height) : settle(known.list, keys, height);
  const environment = matrix.environments[columnIndex(known)]?.name ?? null;
  return {...known, list, environment};
}
