import {identityKey, identityOf, type ResourceId} from '../../resources/identity.ts';
import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {remoteIdentity} from './source-identity.ts';
import {folderOf, isBranch, type Tracked, type Tracker} from './trackers.ts';

/** Annotation of what an Application has applied: `app:group/Kind:namespace/name`. */
export const trackingAnnotation = 'argocd.argoproj.io/tracking-id';
const instanceLabel = 'app.kubernetes.io/instance';

/**
 * The Applications that deploy this environment's folder into this cluster, as trackers.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 */
export function argocdTrackers(applications: readonly JsonObject[], environment: Tracked): Tracker[] {
  return applications.flatMap(application => {
    const spec = objectAt(application, 'spec');
    if (!isHere(objectAt(spec, 'destination'))) return [];
    const sources = [objectAt(spec, 'source'), ...listAt(spec, 'sources').filter(isObject)].filter(
      source => stringAt(source, 'repoURL') !== undefined,
    );
    const ours = sources.filter(
      source =>
        remoteIdentity(stringAt(source, 'repoURL') ?? '') === environment.source &&
        folderOf(stringAt(source, 'path')) === environment.path &&
        isBranch(stringAt(source, 'targetRevision'), environment.branch),
    );
    const [source] = ours;
    if (source === undefined) return [];
    return [trackerOf(application, sources.length === 1 && isPlain(source))];
  });
}

// `name` is set in place of `server` by some; another cluster's objects are not here.
function isHere(destination: JsonObject): boolean {
  const server = stringAt(destination, 'server');
  const name = stringAt(destination, 'name');
  if (name !== undefined && name !== '') return name === 'in-cluster';
  return (
    server === undefined ||
    /^https:\/\/kubernetes\.default(?:\.svc(?:\.cluster\.local)?)?(?::443)?\/?$/.test(server)
  );
}

/** True where all that the Application applies is in the folder, by the names that it has there. */
function isPlain(source: JsonObject): boolean {
  const kustomize = objectAt(source, 'kustomize');
  const renames = ['namePrefix', 'nameSuffix', 'namespace', 'components', 'patches'];
  return (
    renames.every(name => kustomize[name] === undefined) &&
    ['helm', 'plugin', 'chart'].every(name => source[name] === undefined)
  );
}

/** A tracker of what the Application applied. Where it is not `plain`, only what Argo CD itself calls superfluous counts. */
function trackerOf(application: JsonObject, plain: boolean): Tracker {
  const metadata = objectAt(application, 'metadata');
  const name = stringAt(metadata, 'name') ?? '';
  const namespace = stringAt(metadata, 'namespace') ?? '';
  // Applications outside of Argo CD's own namespace go by both names.
  const names = new Set([name, `${namespace}_${name}`]);
  const resources = listAt(objectAt(application, 'status'), 'resources').filter(isObject);
  const listed = resources.map(
    (resource): ResourceId => ({
      group: stringAt(resource, 'group') ?? '',
      kind: stringAt(resource, 'kind') ?? '',
      namespace: stringAt(resource, 'namespace') ?? '',
      name: stringAt(resource, 'name') ?? '',
    }),
  );
  const books = new Set(listed.map(identityKey));
  const superfluous = new Set(
    listed.filter((_, index) => resources[index]?.['requiresPruning'] === true).map(identityKey),
  );
  const automated = objectAt(objectAt(objectAt(application, 'spec'), 'syncPolicy'), 'automated');
  const byItself = automated['prune'] === true && automated['enabled'] !== false;
  return {
    tool: 'Argo CD',
    listed,
    notes(live) {
      const id = identityOf(live);
      const key = identityKey(id);
      const tracked = isTracked(live, id, names) ?? (names.has(instanceOf(live)) && books.has(key));
      if (!tracked || (!plain && !superfluous.has(key)) || isNoDrift(live)) return null;
      const kept = optionsAt(live, 'argocd.argoproj.io/sync-options').includes('Prune=false');
      return [
        `tracked by Argo CD application ${namespace}/${name}`,
        kept
          ? 'Argo CD would not prune it: argocd.argoproj.io/sync-options is Prune=false'
          : `Argo CD would prune it${byItself ? '' : ' in a sync with prune'}`,
      ];
    },
  };
}

/**
 * Whether the tracking annotation says that an Application of these names applied the object; undefined for none. One
 * that names another object was copied along with the rest: it tracks nothing.
 */
function isTracked(live: JsonObject, id: ResourceId, names: ReadonlySet<string>): boolean | undefined {
  const tracking = annotation(live, trackingAnnotation);
  if (tracking === undefined) return undefined;
  const match = /^([^:]*):([^:/]*)\/([^:/]*):([^/]*)\/(.*)$/.exec(tracking);
  if (match === null) return false;
  const [, app = '', group, kind, namespace, name] = match;
  // A cluster-scoped object carries the namespace that its Application deploys to.
  const isSelf = id.namespace === '' || id.namespace === namespace;
  return names.has(app) && group === id.group && kind === id.kind && isSelf && name === id.name;
}

/** Hooks come and go, and who is told to ignore an extraneous object doesn't call it drift. */
function isNoDrift(live: JsonObject): boolean {
  return (
    annotation(live, 'argocd.argoproj.io/hook') !== undefined ||
    annotation(live, 'helm.sh/hook') !== undefined ||
    optionsAt(live, 'argocd.argoproj.io/compare-options').includes('IgnoreExtraneous')
  );
}

function instanceOf(live: JsonObject): string {
  return stringAt(objectAt(objectAt(live, 'metadata'), 'labels'), instanceLabel) ?? '';
}

function annotation(live: JsonObject, name: string): string | undefined {
  return stringAt(objectAt(objectAt(live, 'metadata'), 'annotations'), name);
}

function optionsAt(live: JsonObject, name: string): string[] {
  return (annotation(live, name) ?? '').split(',').map(option => option.trim());
}
