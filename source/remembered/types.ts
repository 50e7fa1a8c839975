/** How a list was looked at. */
export interface RememberedList {
  /** Key of what was chosen; null for nothing. */
  readonly chosen: string | null;
  readonly filter: string;
  readonly sort: string;
  readonly driftOnly: boolean;
}

/** The screens that a start can begin at. */
export const rememberedScreens = [
  'overview',
  'environment',
  'revisions',
  'pull-requests',
  'images',
  'promotion',
  'versions',
] as const;

/** What is looked at again: no dialog, no mark, nothing that was typed elsewhere than into a filter. */
export interface RememberedView {
  readonly screen: (typeof rememberedScreens)[number];
  readonly environment: string | null;
  readonly overview: RememberedList;
  /** Of the screen, where that is not the overview. */
  readonly list: RememberedList;
  /** The diff side by side, and lines around a change. */
  readonly split: boolean;
  readonly context: number;
}

/** Where the last view of each repository is kept. Neither ever rejects: to remember is a courtesy. */
export interface Remembered {
  /** The last view of the repository at a path; null where none is known. */
  read(repository: string): Promise<RememberedView | null>;
  write(repository: string, view: RememberedView): Promise<void>;
}
