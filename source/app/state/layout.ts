import {wrap} from '../text/line.ts';
import {problemsInShort} from './problems.ts';
import {
  type AppState,
  currentScreen,
  type EnvironmentState,
  environmentNamed,
  type ImagesScreen,
} from './state.ts';

/** Below this the app says that the terminal is too small. */
export const smallest = {columns: 60, rows: 15};

/** No terminal has so many rows: it is the line mode that prints, and nothing is left out. */
export const endlessRows = 1000;

/** From this width on the tree and the diff stand side by side. */
export const wideFrom = 100;

/** Rows between header and footer. */
export function bodyRows(state: AppState): number {
  return Math.max(1, state.size.rows - 2);
}

/** Rows inside a panel that fills the body. */
export function panelRows(state: AppState): number {
  return Math.max(1, bodyRows(state) - 2);
}

/** Rows of the overview's table, under its line of column names. */
export function overviewRows(state: AppState): number {
  return Math.max(1, panelRows(state) - 1 - overviewNoteRows(state));
}

/** Rows under the overview's table, for problems and the demo's line. */
export function overviewNoteRows(state: AppState): number {
  const hint = demoHintLines(state).length;
  const problems = Math.min(4, 2 * problemsInShort(state).length);
  return Math.min(hint + problems, Math.floor(bodyRows(state) / 2));
}

/** The demo's line to paste, wrapped, with the words above it; empty outside the demo. */
export function demoHintLines(state: AppState): string[] {
  const hint = state.session?.demoHint ?? null;
  if (hint === null) return [];
  return [
    'To make drift, paste this in a second terminal (c copies it):',
    ...wrap(hint, state.size.columns - 4),
  ];
}

/** Sizes of the environment screen's two panels, borders included. */
export function environmentPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  if (size.columns >= wideFrom) {
    const treeColumns = Math.floor(size.columns * (size.columns >= 140 ? 0.42 : 0.5));
    return {
      wide: true,
      tree: {columns: treeColumns, rows: body},
      diff: {columns: size.columns - treeColumns, rows: body},
      /** Lines under the diff that say who and where. */
      detail: 7,
    };
  }
  const diffRows = Math.max(7, Math.min(16, Math.floor(body * 0.42)));
  return {
    wide: false,
    tree: {columns: size.columns, rows: body - diffRows},
    diff: {columns: size.columns, rows: diffRows},
    detail: body >= 20 ? 3 : 2,
  };
}

/** Rows of the tree that are visible: one less where its last row says what went wrong. */
export function treeHeight(state: AppState): number {
  const screen = currentScreen(state);
  const known = screen.id === 'environment' ? environmentNamed(state, screen.environment) : undefined;
  const trouble = known !== undefined && known.report !== null && hasTrouble(known) ? 1 : 0;
  return Math.max(1, environmentPanes(state.size).tree.rows - 2 - trouble);
}

/** True where an environment's answer is not the whole truth: something in it failed, or the last one did. */
export function hasTrouble(known: EnvironmentState): boolean {
  return known.failure !== null || (known.report?.errors.length ?? 0) > 0;
}

/** Rows of the diff that are visible above its detail. */
export function diffHeight(state: AppState): number {
  const {diff, detail} = environmentPanes(state.size);
  return Math.max(1, diff.rows - 2 - detail);
}

/** Sizes of the revisions screen's panels, borders included. */
export function revisionPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(6, Math.floor(body * 0.4));
  return {list: body - detail, detail};
}

/** Visible rows of the list of revisions, under its line of column names. */
export function revisionsHeight(state: AppState): number {
  return Math.max(1, revisionPanes(state.size).list - 3);
}

/** Sizes of the pull requests screen's panels, borders included. */
export function pullRequestPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const list = Math.max(5, Math.min(12, Math.floor(body * 0.36)));
  return {list, detail: body - list};
}

/** Visible rows of the list of pull requests, under its line of column names. */
export function pullRequestsHeight(state: AppState): number {
  return Math.max(1, pullRequestPanes(state.size).list - 3);
}

/** Sizes of the panels of a list with one entry in full below, borders included. */
export function logPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(6, Math.min(12, Math.floor(body * 0.38)));
  return {list: body - detail, detail};
}

/** Sizes of a sync's panels, borders included. */
export function syncPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(5, Math.min(9, Math.floor(body * 0.36)));
  return {list: body - detail, detail};
}

/** Sizes of the images screen's panels, borders included. */
export function imagePanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(8, Math.min(11, Math.floor(body * 0.4)));
  return {list: body - detail, detail};
}

function hasImagesTrouble({failure, problems}: ImagesScreen): boolean {
  return failure !== null || problems.some(({severity}) => severity === 'error');
}

/** Visible images: under the line of column names, and under what went wrong where something did. */
export function imagesHeight(state: AppState): number {
  const screen = currentScreen(state);
  const trouble = screen.id === 'images' && hasImagesTrouble(screen) ? 2 : 0;
  return Math.max(1, imagePanes(state.size).list - 3 - trouble);
}

/** Visible steps of a sync's plan: what a dialog has left beside its fixed lines. */
export function dialogSteps(state: AppState): number {
  const {rows} = state.size;
  return rows >= endlessRows ? rows : Math.max(2, Math.min(14, rows - 15));
}

/** Sizes of the promotion's panels, borders included. */
export function promotionPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(7, Math.floor(body * 0.38));
  return {list: body - detail, detail};
}

/** Lines above the list of what can be promoted: what should be known before. */
export function promotionHeadRows(state: AppState): number {
  const screen = currentScreen(state);
  const said = screen.id === 'promotion' ? (screen.choices?.cautions.length ?? 0) : 0;
  return Math.min(said, state.size.rows >= 30 ? 4 : 2);
}

/** Visible rows of the list of what can be promoted. */
export function promotionHeight(state: AppState): number {
  return Math.max(1, promotionPanes(state.size).list - 2 - promotionHeadRows(state));
}

/** Sizes of the matrix's panels, borders included. */
export function versionsPanes(size: {columns: number; rows: number}) {
  const body = Math.max(2, size.rows - 2);
  const detail = Math.max(7, Math.floor(body * 0.3));
  return {list: body - detail, detail};
}

/** Visible rows of the matrix, under its line of environments. */
export function versionsHeight(state: AppState): number {
  return Math.max(1, versionsPanes(state.size).list - 3);
}
