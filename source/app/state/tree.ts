import type {FieldChange, ResourceDrift} from '../../drift/types.ts';
import {formatIdentity, identityKey} from '../../resources/identity.ts';

/** A row of the drift tree. */
export type TreeRow =
  | {
      kind: 'namespace';
      key: string;
      namespace: string;
      folded: boolean;
      counts: {modified: number; missing: number; extra: number; unknown: number};
    }
  | {kind: 'resource'; key: string; id: string; resource: ResourceDrift; folded: boolean}
  | {kind: 'field'; key: string; id: string; resource: ResourceDrift; field: FieldChange};

/** What of the resources is shown. */
export interface TreeView {
  readonly driftOnly: boolean;
  /** Substring of a resource's name or a field's path, in any case; '' shows all. */
  readonly filter: string;
  /** Keys of rows that are folded. */
  readonly folded: ReadonlySet<string>;
}

interface Cached {
  driftOnly: boolean;
  filter: string;
  folded: ReadonlySet<string>;
  rows: readonly TreeRow[];
}

// A cursor move asks for the same rows again: 10,000 of them are not built for that.
const cache = new WeakMap<readonly ResourceDrift[], Cached>();

/** The rows of the tree: namespaces, in them resources, in them the fields that differ. Ordered by name. */
export function treeRows(resources: readonly ResourceDrift[], view: TreeView): readonly TreeRow[] {
  const known = cache.get(resources);
  if (
    known !== undefined &&
    known.driftOnly === view.driftOnly &&
    known.filter === view.filter &&
    known.folded === view.folded
  ) {
    return known.rows;
  }
  const rows = buildRows(resources, view);
  cache.set(resources, {driftOnly: view.driftOnly, filter: view.filter, folded: view.folded, rows});
  return rows;
}

/** True for a row that `n` and `N` stop at: a field, or a resource that drifted as a whole. */
export function isDriftStop(row: TreeRow): boolean {
  if (row.kind === 'field') return true;
  return row.kind === 'resource' && row.resource.status !== 'Synced' && row.resource.fields.length === 0;
}

/** Keys of the rows that can be folded. */
export function foldableKeys(rows: readonly TreeRow[]): string[] {
  return rows
    .filter(row => row.kind === 'namespace' || (row.kind === 'resource' && row.resource.fields.length > 0))
    .map(row => row.key);
}

/** The key of the row above in the tree: a field's resource, a resource's namespace; null for a namespace. */
export function parentKey(row: TreeRow): string | null {
  if (row.kind === 'field') return resourceKey(row.id);
  return row.kind === 'resource' ? namespaceKey(row.resource.id.namespace) : null;
}

function buildRows(resources: readonly ResourceDrift[], view: TreeView): TreeRow[] {
  const needle = view.filter.toLowerCase();
  const groups = new Map<string, ResourceDrift[]>();
  for (const resource of resources) {
    if (view.driftOnly && resource.status === 'Synced') continue;
    if (needle !== '' && !matches(resource, needle)) continue;
    const group = groups.get(resource.id.namespace);
    if (group === undefined) groups.set(resource.id.namespace, [resource]);
    else group.push(resource);
  }
  const rows: TreeRow[] = [];
  for (const namespace of [...groups.keys()].sort()) {
    const group = groups.get(namespace) ?? [];
    group.sort((a, b) => compare(formatIdentity(a.id), formatIdentity(b.id)));
    const key = namespaceKey(namespace);
    const folded = view.folded.has(key);
    rows.push({kind: 'namespace', key, namespace, folded, counts: countsOf(group)});
    if (folded) continue;
    for (const resource of group) pushResource(rows, resource, view.folded);
  }
  return rows;
}

function pushResource(rows: TreeRow[], resource: ResourceDrift, folds: ReadonlySet<string>): void {
  const id = identityKey(resource.id);
  const key = resourceKey(id);
  const folded = folds.has(key);
  rows.push({kind: 'resource', key, id, resource, folded});
  // Of an object that is missing or extra as a whole, the diff shows the fields.
  if (folded || resource.status === 'Missing' || resource.status === 'Extra') return;
  for (const field of resource.fields) {
    rows.push({kind: 'field', key: `f:${id}\n${field.path}`, id, resource, field});
  }
}

/** The key of a field row's resource; null for a key of another row. A line end is in no name and no path. */
export function resourceKeyOf(key: string): string | null {
  const end = key.indexOf('\n');
  return key.startsWith('f:') && end > 0 ? resourceKey(key.slice(2, end)) : null;
}

function matches(resource: ResourceDrift, needle: string): boolean {
  return (
    formatIdentity(resource.id).toLowerCase().includes(needle) ||
    resource.fields.some(field => field.path.toLowerCase().includes(needle))
  );
}

function countsOf(group: readonly ResourceDrift[]) {
  const counts = {modified: 0, missing: 0, extra: 0, unknown: 0};
  for (const {status} of group) {
    if (status === 'Modified') counts.modified += 1;
    else if (status === 'Missing') counts.missing += 1;
    else if (status === 'Extra') counts.extra += 1;
    else if (status === 'Unknown') counts.unknown += 1;
  }
  return counts;
}

function namespaceKey(namespace: string): string {
  return `n:${namespace}`;
}

function resourceKey(id: string): string {
  return `r:${id}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
