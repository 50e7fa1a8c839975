import {createHash} from 'node:crypto';
import type {ResourceId} from '../../../resources/identity.ts';
import {cloneJson, type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import {parseHistory, type RecordedDeployment, stringifyHistory} from './history.ts';

/**
 * The ApplySet of an environment: which objects were applied from git (KEP-3659). The parent is a ConfigMap, not the
 * Secret that kubectl would make: it holds nothing secret, and who may read deployments should not need to read secrets.
 * kubectl understands the set and refuses to change it, because its tooling annotation is not kubectl's.
 * https://github.com/kubernetes/enhancements/blob/master/keps/sig-cli/3659-kubectl-apply-prune/README.md
 */
export interface ApplySet {
  parent: {namespace: string; name: string};
  /** Value of the parent's id label and of each member's part-of label. */
  id: string;
  /** `Deployment.apps`, `ConfigMap`: the kinds that members may have, sorted. */
  groupKinds: readonly string[];
  /** Namespaces of members, beyond the parent's own, sorted. */
  namespaces: readonly string[];
  history: readonly RecordedDeployment[];
  /** Which repository the set is of, so that two environments of one name can't prune each other. */
  source: string | null;
  /** `gitops-tui/v1`; null where the annotation is absent. */
  tooling: string | null;
  resourceVersion: string | null;
}

/** Label of a member: the id of its set. */
export const partOfLabel = 'applyset.kubernetes.io/part-of';
const idLabel = 'applyset.kubernetes.io/id';
const toolingAnnotation = 'applyset.kubernetes.io/tooling';
const groupKindsAnnotation = 'applyset.kubernetes.io/contains-group-kinds';
const namespacesAnnotation = 'applyset.kubernetes.io/additional-namespaces';
const sourceAnnotation = 'gitops-tui.dev/source';
const historyKey = 'history';
const toolName = 'gitops-tui';
const tooling = `${toolName}/v1`;

/** The parent's name for an environment: `gitops-tui-staging`. A name that Kubernetes would refuse gets a hash. */
export function parentName(environment: string): string {
  const slug = environment
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 200);
  if (slug === environment) return `${toolName}-${slug}`;
  const hash = createHash('sha256').update(environment).digest('hex').slice(0, 8);
  return `${toolName}-${slug}-${hash}`.replace('--', '-');
}

/** The set that an environment will have before anything was recorded. */
export function emptyApplySet(namespace: string, environment: string): ApplySet {
  const parent = {namespace, name: parentName(environment)};
  return {
    parent,
    id: applySetId({...parent, group: '', kind: 'ConfigMap'}),
    groupKinds: [],
    namespaces: [],
    history: [],
    source: null,
    tooling: null,
    resourceVersion: null,
  };
}

/** `applyset-<base64url(sha256(name.namespace.kind.group))>-v1` of a parent. */
export function applySetId(parent: ResourceId): string {
  const gknn = `${parent.name}.${parent.namespace}.${parent.kind}.${parent.group}`;
  return `applyset-${createHash('sha256').update(gknn).digest('base64url')}-v1`;
}

/** Reads the parent's ConfigMap into the set that it is expected to be. Annotations that are absent read as empty. */
export function parseApplySet(expected: ApplySet, parent: JsonObject): ApplySet {
  const metadata = objectAt(parent, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  return {
    ...expected,
    groupKinds: commaList(stringAt(annotations, groupKindsAnnotation)),
    namespaces: commaList(stringAt(annotations, namespacesAnnotation)),
    history: parseHistory(stringAt(objectAt(parent, 'data'), historyKey)),
    source: stringAt(annotations, sourceAnnotation) ?? null,
    tooling: stringAt(annotations, toolingAnnotation) ?? null,
    resourceVersion: stringAt(metadata, 'resourceVersion') ?? null,
  };
}

/** Why a set that is in the cluster may not be changed or pruned for this source; null where it may. */
export function foreignApplySet(set: ApplySet, source: string): {message: string; fix: string} | null {
  if (set.resourceVersion === null) return null;
  const where = `configmap ${set.parent.name} in namespace ${set.parent.namespace}`;
  if (set.tooling !== null && set.tooling.split('/')[0] !== toolName) {
    return {
      message: `${where} is the ApplySet of another tool (${set.tooling})`,
      fix: 'give the environment another name or namespace in .gitops-tui.yaml',
    };
  }
  if (set.source === null || set.source === source) return null;
  return {
    message: `${where} records what was applied from ${set.source}, not from ${source}`,
    fix:
      'give one of the two environments another name or namespace; or, where the repository moved, run ' +
      `kubectl -n ${set.parent.namespace} annotate --overwrite configmap ${set.parent.name} ${sourceAnnotation}=${source}`,
  };
}

/** The parent as it is applied. Group-kinds and namespaces are of `set`: a superset while members are being written. */
export function parentObject(set: ApplySet, source: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: set.parent.name,
      namespace: set.parent.namespace,
      labels: {[idLabel]: set.id, 'app.kubernetes.io/managed-by': toolName},
      annotations: {
        [toolingAnnotation]: tooling,
        [groupKindsAnnotation]: set.groupKinds.join(','),
        [namespacesAnnotation]: set.namespaces.join(','),
        [sourceAnnotation]: source,
      },
    },
    data: {[historyKey]: stringifyHistory(set.history)},
  };
}

/** The set with room for these members: their kinds and namespaces added to what it has. */
export function widened(set: ApplySet, members: readonly ResourceId[]): ApplySet {
  const own = coverage(set, members);
  return {
    ...set,
    groupKinds: sorted([...set.groupKinds, ...own.groupKinds]),
    namespaces: sorted([...set.namespaces, ...own.namespaces]),
  };
}

/** The set with exactly the kinds and namespaces of these members. */
export function trimmed(set: ApplySet, members: readonly ResourceId[]): ApplySet {
  return {...set, ...coverage(set, members)};
}

/** `Deployment.apps` as group and kind; kinds never hold a dot, groups may. */
export function parseGroupKind(text: string): {group: string; kind: string} {
  const dot = text.indexOf('.');
  return dot < 0 ? {group: '', kind: text} : {kind: text.slice(0, dot), group: text.slice(dot + 1)};
}

/** The id of the set that an object is a member of, or undefined. */
export function membership(object: JsonObject | null | undefined): string | undefined {
  return stringAt(objectAt(objectAt(object ?? {}, 'metadata'), 'labels'), partOfLabel);
}

/** A copy of the object that is a member of the set. */
export function asMember(object: JsonObject, id: string): JsonObject {
  const copy = cloneJson(object);
  const metadata = objectAt(copy, 'metadata');
  copy['metadata'] = {...metadata, labels: {...objectAt(metadata, 'labels'), [partOfLabel]: id}};
  return copy;
}

function coverage(
  set: ApplySet,
  members: readonly ResourceId[],
): Pick<ApplySet, 'groupKinds' | 'namespaces'> {
  return {
    groupKinds: sorted(members.map(({group, kind}) => (group === '' ? kind : `${kind}.${group}`))),
    namespaces: sorted(
      members
        .map(({namespace}) => namespace)
        .filter(namespace => namespace !== '' && namespace !== set.parent.namespace),
    ),
  };
}

function commaList(text: string | undefined): string[] {
  return sorted(
    (text ?? '')
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== ''),
  );
}

function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}
