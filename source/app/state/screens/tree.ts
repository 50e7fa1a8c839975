import type {FieldChange, ResourceDrift} from '../../../drift/types.ts';
import {formatIdentity, identityKey} from '../../../resources/identity.ts';
import {Arranger, type Shown} from '../lists/listing.ts';

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
  /** Words of a filter; '' shows all. */
  readonly filter: string;
  /** The order of the resources in their namespaces: `name`, `state`, `changed`. */
  readonly sort: string;
  /** Keys of rows that are folded. */
  readonly folded: ReadonlySet<string>;
}

/** The resources of an environment, in their namespaces. */
export const resourceList = new Arranger<ResourceDrift>({
  key: idOf,
  fields: {
    kind: ({id}) => id.kind,
    ns: ({id}) => id.namespace || '(cluster)',
    name: ({id}) => id.name,
    status: ({status, verdict}) => (verdict === 'local' ? [status, 'local'] : status),
    health: ({health}) => health,
    field: ({fields}) => fields.map(({path}) => path),
    by: ({fields}) => fields.map(({manager}) => manager ?? ''),
    author: ({fields}) => fields.map(({author}) => author ?? ''),
    file: ({source}) => source?.file ?? '',
  },
  orders: [
    {by: 'name', key: nameOf},
    {by: 'state', way: 'down', key: ({status}) => urgency[status], ties: 'name'},
    {by: 'changed', way: 'down', key: resource => -changedAt(resource), ties: 'name'},
  ],
  isDrift: ({status}) => status !== 'Synced',
});

const urgency: Record<ResourceDrift['status'], number> = {
  Unknown: 0,
  Missing: 1,
  Extra: 2,
  Modified: 3,
  Synced: 4,
};
function nameOf({id}: ResourceDrift): string {
  return formatIdentity(id);
}

/** When somebody last changed one of its fields on the cluster, in ms; 0 where that is not known. */
function changedAt({fields}: ResourceDrift): number {
  return fields.reduce((last, field) => Math.max(last, Date.parse(field.changedAt ?? '') || 0), 0);
}

interface Group {
  readonly namespace: string;
  readonly resources: readonly ResourceDrift[];
  readonly counts: Extract<TreeRow, {kind: 'namespace'}>['counts'];
}

// A cursor move asks for the same rows again, and folding for the same groups: 10,000 of them are not built for that.
const groupCache = new WeakMap<Shown<ResourceDrift>, readonly Group[]>();
const rowCache = new WeakMap<readonly Group[], {folded: ReadonlySet<string>; rows: readonly TreeRow[]}>();

/** The rows of the tree: namespaces by name, in them resources, in them the fields that differ. */
export function treeRows(resources: readonly ResourceDrift[], view: TreeView): readonly TreeRow[] {
  const groups = groupsOf(resourceList.shown(resources, view));
  const known = rowCache.get(groups);
  if (known?.folded === view.folded) return known.rows;
  const rows = buildRows(groups, view.folded);
  rowCache.set(groups, {folded: view.folded, rows});
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

function groupsOf(shown: Shown<ResourceDrift>): readonly Group[] {
  const known = groupCache.get(shown);
  if (known !== undefined) return known;
  const byNamespace = new Map<string, ResourceDrift[]>();
  for (const resource of shown.items) {
    const group = byNamespace.get(resource.id.namespace);
    if (group === undefined) byNamespace.set(resource.id.namespace, [resource]);
    else group.push(resource);
  }
  const groups = [...byNamespace.keys()].sort().map((namespace): Group => {
    const resources = byNamespace.get(namespace) ?? [];
    return {namespace, resources, counts: countsOf(resources)};
  });
  groupCache.set(shown, groups);
  return groups;
}

function buildRows(groups: readonly Group[], folds: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  for (const {namespace, resources, counts} of groups) {
    const key = namespaceKey(namespace);
    const folded = folds.has(key);
    rows.push({kind: 'namespace', key, namespace, folded, counts});
    if (folded) continue;
    for (const resource of resources) pushResource(rows, resource, folds);
  }
  return rows;
}

function pushResource(rows: TreeRow[], resource: ResourceDrift, folds: ReadonlySet<string>): void {
  const id = idOf(resource);
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

function countsOf(group: readonly ResourceDrift[]): Group['counts'] {
  const counts = {modified: 0, missing: 0, extra: 0, unknown: 0};
  for (const {status} of group) {
    if (status === 'Modified') counts.modified += 1;
    else if (status === 'Missing') counts.missing += 1;
    else if (status === 'Extra') counts.extra += 1;
    else if (status === 'Unknown') counts.unknown += 1;
  }
  return counts;
}

const ids = new WeakMap<{id: ResourceDrift['id']}, string>();

/** The key of a resource's identity, put together once: lists of 10,000 ask for it again and again. */
export function idOf(resource: {id: ResourceDrift['id']}): string {
  let id = ids.get(resource);
  if (id === undefined) {
    id = identityKey(resource.id);
    ids.set(resource, id);
  }
  return id;
}

function namespaceKey(namespace: string): string {
  return `n:${namespace}`;
}

function resourceKey(id: string): string {
  return `r:${id}`;
}
