import {identityKey, identityOf, type ResourceId} from '../../../resources/identity.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {settingsHealth} from './argocd-health.ts';
import {applicationRules, settingsRules} from './argocd-ignore.ts';
import {toldBySettings} from './argocd-settings.ts';
import {remoteIdentity} from './source-identity.ts';
import {argocdDeployments} from './tracker-deployments.ts';
import {folderOf, isBranch, type Tracked, type Tracker} from './trackers.ts';

/** Annotation of what an Application has applied: `app:group/Kind:namespace/name`. */
export const trackingAnnotation = 'argocd.argoproj.io/tracking-id';
const instanceLabel = 'app.kubernetes.io/instance';
const syncOptions = 'argocd.argoproj.io/sync-options';

/** The Applications that deploy this environment's folder into this cluster. */
export function applicationsOf(applications: readonly JsonObject[], environment: Tracked): JsonObject[] {
  return applications.filter(
    application =>
      isHere(objectAt(objectAt(application, 'spec'), 'destination')) &&
      ownSource(application, environment) !== undefined,
  );
}

/** The namespace of the Argo CD that has an Application: another one than its own where that is allowed. */
export function controllerNamespace(application: JsonObject): string {
  const told = stringAt(objectAt(application, 'status'), 'controllerNamespace') ?? '';
  return told === '' ? identityOf(application).namespace : told;
}

/**
 * An environment's own Applications as trackers, with what they and Argo CD's settings (argocd-cm) call no difference, and how they
 * tell health.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 */
export function argocdTrackers(
  applications: readonly JsonObject[],
  settings: readonly JsonObject[],
  environment: Tracked,
): {trackers: Tracker[]; problems: Problem[]; told: Json[]} {
  const problems: Problem[] = [];
  const everywhere = new Map(
    settings.map(object => {
      const [ignored, health] = [settingsRules(object), settingsHealth(object)];
      problems.push(...ignored.problems, ...health.problems);
      return [identityOf(object).namespace, {rules: ignored.rules, healthScripts: health.scripts}];
    }),
  );
  const trackers = applications.map(application => {
    const source = ownSource(application, environment);
    const plain = source !== undefined && sourcesOf(application).length === 1 && isPlain(source);
    const settled = everywhere.get(controllerNamespace(application));
    const rules = [...applicationRules(application), ...(settled?.rules ?? [])];
    const deployments = argocdDeployments(application, each => isOwnSource(each, environment));
    return {
      ...trackerOf(application, plain),
      rules,
      healthScripts: settled?.healthScripts ?? [],
      deployments,
    };
  });
  const told = applications.map(application => {
    const {namespace, name} = identityOf(application);
    return [namespace, name, objectAt(application, 'spec')['ignoreDifferences'] ?? null];
  });
  return {trackers, problems, told: [...told, ...settings.map(toldBySettings)]};
}

function sourcesOf(application: JsonObject): JsonObject[] {
  const spec = objectAt(application, 'spec');
  return [objectAt(spec, 'source'), ...listAt(spec, 'sources').filter(isObject)].filter(
    source => stringAt(source, 'repoURL') !== undefined,
  );
}

function ownSource(application: JsonObject, environment: Tracked): JsonObject | undefined {
  return sourcesOf(application).find(source => isOwnSource(source, environment));
}

function isOwnSource(source: JsonObject, environment: Tracked): boolean {
  return (
    remoteIdentity(stringAt(source, 'repoURL') ?? '') === environment.source &&
    folderOf(stringAt(source, 'path')) === environment.path &&
    isBranch(stringAt(source, 'targetRevision'), environment.branch)
  );
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
function trackerOf(application: JsonObject, plain: boolean): Omit<Tracker, 'rules'> {
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
  const policy = objectAt(objectAt(application, 'spec'), 'syncPolicy');
  const automated = objectAt(policy, 'automated');
  const usual = listAt(policy, 'syncOptions').filter(option => typeof option === 'string');
  const byItself = automated['prune'] === true && automated['enabled'] !== false;
  return {
    tool: 'Argo CD',
    listed,
    notes(live) {
      const id = identityOf(live);
      const key = identityKey(id);
      const tracked = isTracked(live, id, names) ?? (names.has(instanceOf(live)) && books.has(key));
      if (!tracked || (!plain && !superfluous.has(key)) || isNoDrift(live)) return null;
      return [`tracked by Argo CD application ${namespace}/${name}`, pruning(live, usual, byItself)];
    },
  };
}

/** What becomes of a superfluous object: its own option counts, else that of the Application. */
function pruning(live: JsonObject, usual: readonly string[], byItself: boolean): string {
  const own = optionsAt(live, syncOptions).find(option => option.startsWith('Prune='));
  const option = own ?? usual.find(each => each.startsWith('Prune='));
  const whose = own === undefined ? "the Application's syncOptions say" : `${syncOptions} is`;
  if (option === 'Prune=false') return `Argo CD would not prune it: ${whose} Prune=false`;
  if (option === 'Prune=confirm')
    return `Argo CD would prune it once that is confirmed: ${whose} Prune=confirm`;
  return `Argo CD would prune it${byItself ? '' : ' in a sync with prune'}`;
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
    (annotation(live, 'helm.sh/hook') ?? 'crd-install') !== 'crd-install' ||
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
