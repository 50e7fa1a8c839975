import type {Tree, TreeEntry} from '../repository/types.ts';

/** Where to read what, and from which revision. */
export interface Folder {
  tree: Tree;
  /** Relative to the repository's root, '' for the root. */
  path: string;
}

/** File names that make a folder a kustomization; kustomize takes exactly one of them. */
export const kustomizationNames: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/** The folder of a file, '' for the root. */
export function parentOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

/** A file's own name. */
export function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** True for a name that starts with a dot. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') && name !== '.' && name !== '..';
}

/** True where a file lies in a folder or below it. */
export function isBelow(file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`);
}

/** The files of a listing, without those in hidden folders below `folder`. */
export function visible(entries: readonly TreeEntry[], folder: string): TreeEntry[] {
  const start = folder === '' ? 0 : folder.length + 1;
  return entries.filter(entry => !parentOf(entry.path.slice(start)).split('/').some(isHidden));
}
