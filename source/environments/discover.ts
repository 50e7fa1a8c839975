import type {TreeEntry} from '../repository/types.ts';

/** An environment that the repository's layout shows. */
export interface Discovered {
  name: string;
  path: string;
  branch: string | null;
  /** The convention that matched: `environments/*`. */
  origin: string;
}

// Where folders of environments lie; the last `*` is the environment, one before it the application.
const conventions: readonly string[] = [
  'environments/*',
  'envs/*',
  'overlays/*',
  'clusters/*',
  'apps/*/overlays/*',
  ...['deploy', 'k8s', 'kubernetes', 'kustomize', 'manifests'].flatMap(parent => [
    `${parent}/overlays/*`,
    `${parent}/environments/*`,
    `${parent}/envs/*`,
  ]),
];

const branchConventions: readonly string[] = ['env/', 'environments/'];

// What several environments share stands beside them.
const shared = /^(?:bases?|common|components?|shared|templates?|modules?|lib|charts?|[._].*)$/i;

/**
 * The environments of a repository by convention, from its files and its branches. Names are the folders' own, with the
 * application in front where several have one; two that would share a name are named by their whole path.
 */
export function discover(entries: readonly TreeEntry[], branches: readonly string[]): Discovered[] {
  const found: (Discovered & {app: string | undefined})[] = [];
  for (const convention of conventions) {
    for (const {path, app, name} of foldersLike(convention, entries)) {
      found.push({name, path, branch: null, origin: convention, app});
    }
  }
  for (const prefix of branchConventions) {
    for (const branch of branches) {
      const name = branch.startsWith(prefix) ? branch.slice(prefix.length) : '';
      if (name !== '') found.push({name, path: '', branch, origin: `branch ${prefix}*`, app: undefined});
    }
  }
  const hasApps = new Set(found.flatMap(({app}) => app ?? [])).size > 1;
  const named = found.map(({app, ...rest}) => ({
    ...rest,
    name: app !== undefined && hasApps ? `${app}/${rest.name}` : rest.name,
  }));
  const counts = new Map<string, number>();
  for (const {name} of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  return named.map(one => ((counts.get(one.name) ?? 0) > 1 ? {...one, name: one.branch ?? one.path} : one));
}

/** The folder to compare where there are no environments: the root, or the one folder that holds manifests by its name. */
export function onlyFolder(entries: readonly TreeEntry[]): string {
  const isAtRoot = entries.some(
    ({path}) => !path.includes('/') && isManifestName(path) && !path.startsWith('.'),
  );
  if (isAtRoot) return '';
  const folders = ['manifests', 'k8s', 'kubernetes', 'deploy'].filter(folder =>
    entries.some(({path}) => path.startsWith(`${folder}/`) && isManifestName(path)),
  );
  return folders.length === 1 && folders[0] !== undefined ? folders[0] : '';
}

/** True for production by its name: such an environment is protected unless the config file says otherwise. */
export function isProduction(name: string): boolean {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return /^(?:prod|production|live)(?:$|[-_.])|[-_.](?:prod|production|live)$/i.test(last);
}

/** A file that may hold manifests, by its name. */
export function isManifestName(path: string): boolean {
  return /(?:\.ya?ml|\.json|(?:^|\/)Kustomization)$/.test(path);
}

function foldersLike(
  convention: string,
  entries: readonly TreeEntry[],
): {path: string; app: string | undefined; name: string}[] {
  const pattern = convention.split('/');
  const found = new Map<string, {path: string; app: string | undefined; name: string}>();
  for (const entry of entries) {
    if (!isManifestName(entry.path) && !/\.tf$/.test(entry.path)) continue;
    const parts = entry.path.split('/');
    if (parts.length <= pattern.length) continue;
    if (!pattern.every((part, index) => part === '*' || part === parts[index])) continue;
    const folder = parts.slice(0, pattern.length);
    const wild = folder.filter((_, index) => pattern[index] === '*');
    const name = wild.at(-1) ?? '';
    const path = folder.join('/');
    if (shared.test(name) || found.has(path)) continue;
    found.set(path, {path, app: wild.length > 1 ? wild[0] : undefined, name});
  }
  return [...found.values()];
}
