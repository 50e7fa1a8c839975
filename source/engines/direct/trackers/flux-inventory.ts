import {identityKey, identityOf, type ResourceId} from '../../../resources/identity.ts';
import {type Json, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {fluxHelmMarkRules, fluxKeeps, fluxMarkRules, fluxRules} from './flux-ignore.ts';
import {remoteIdentity} from './source-identity.ts';
import {fluxDeployments} from './tracker-deployments.ts';
import {folderOf, isBranch, type Tracked, type Tracker} from './trackers.ts';

const nameLabel = 'kustomize.toolkit.fluxcd.io/name';
const namespaceLabel = 'kustomize.toolkit.fluxcd.io/namespace';

/** Objects of Flux. */
export interface FluxObjects {
  kustomizations: readonly JsonObject[];
  releases: readonly JsonObject[];
  repositories: readonly JsonObject[];
}

/**
 * The Kustomizations that deploy this environment's folder into this cluster, and the HelmReleases of a chart that is this
 * folder, as trackers, with what they are told to ignore. What a release holds, Helm's own books say.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#inventory
 */
export function fluxTrackers(
  {kustomizations, releases, repositories}: FluxObjects,
  environment: Tracked,
): {trackers: Tracker[]; problems: Problem[]; told: Json[]} {
  const ours = new Set(
    repositories
      .filter(repository => {
        const spec = objectAt(repository, 'spec');
        const ref = objectAt(spec, 'ref');
        const isPinned = ['tag', 'semver', 'commit', 'name'].some(name => ref[name] !== undefined);
        return (
          !isPinned &&
          remoteIdentity(stringAt(spec, 'url') ?? '') === environment.source &&
          isBranch(stringAt(ref, 'branch'), environment.branch)
        );
      })
      .map(repository => {
        const {namespace, name} = identityOf(repository);
        return `${namespace}/${name}`;
      }),
  );
  const isOurs = (object: JsonObject, source: JsonObject) => {
    const {namespace} = identityOf(object);
    const from = `${stringAt(source, 'namespace') ?? namespace}/${stringAt(source, 'name') ?? ''}`;
    return stringAt(source, 'kind') === 'GitRepository' && ours.has(from);
  };
  const trackers: Tracker[] = [];
  const problems: Problem[] = [];
  const told: Json[] = [];
  for (const kustomization of kustomizations) {
    const spec = objectAt(kustomization, 'spec');
    if (!isOurs(kustomization, objectAt(spec, 'sourceRef'))) continue;
    if (folderOf(stringAt(spec, 'path')) !== environment.path) continue;
    // In another cluster, or by other names than those in git.
    if (['kubeConfig', 'namePrefix', 'nameSuffix', 'components'].some(name => spec[name] !== undefined))
      continue;
    const target = stringAt(spec, 'targetNamespace');
    if (target !== undefined && target !== environment.namespace) continue;
    const tracker = trackerOf(kustomization);
    const {rules, problems: found} = fluxRules(listAt(spec, 'ignore'), wordsFor(kustomization));
    const deployments = fluxDeployments(kustomization);
    trackers.push({...tracker, rules: [...rules, ...fluxMarkRules], appliesHooks: true, deployments});
    problems.push(...found);
    told.push([wordsFor(kustomization), listAt(spec, 'ignore')]);
  }
  for (const release of releases) {
    const spec = objectAt(release, 'spec');
    const chart = objectAt(objectAt(spec, 'chart'), 'spec');
    if (!isOurs(release, objectAt(chart, 'sourceRef'))) continue;
    if (folderOf(stringAt(chart, 'chart')) !== environment.path || spec['kubeConfig'] !== undefined) continue;
    const ignore = listAt(objectAt(spec, 'driftDetection'), 'ignore');
    const {rules, problems: found} = fluxRules(ignore, wordsFor(release));
    trackers.push({tool: 'Flux', listed: [], notes: () => null, rules: [...rules, ...fluxHelmMarkRules]});
    problems.push(...found);
    told.push([wordsFor(release), ignore]);
  }
  return {trackers, problems, told};
}

function wordsFor(object: JsonObject): string {
  const {kind, namespace, name} = identityOf(object);
  return `Flux ${kind} ${namespace}/${name}`;
}

function trackerOf(kustomization: JsonObject): Omit<Tracker, 'rules'> {
  const {namespace, name} = identityOf(kustomization);
  const inventory = objectAt(objectAt(kustomization, 'status'), 'inventory');
  const listed = listAt(inventory, 'entries').flatMap(entry => parseEntry(stringAt(entry, 'id') ?? '') ?? []);
  const books = new Set(listed.map(identityKey));
  const prunes = objectAt(kustomization, 'spec')['prune'] === true;
  return {
    tool: 'Flux',
    listed,
    notes(live) {
      const metadata = objectAt(live, 'metadata');
      const labels = objectAt(metadata, 'labels');
      // Flux prunes what is in its inventory and still carries its labels.
      if (!books.has(identityKey(identityOf(live)))) return null;
      if (labels[nameLabel] !== name || labels[namespaceLabel] !== namespace) return null;
      const kept = fluxKeeps(live);
      return [
        `tracked by Flux Kustomization ${namespace}/${name}`,
        kept !== null
          ? `Flux would not prune it: ${kept}`
          : prunes
            ? 'Flux would prune it'
            : 'Flux would not prune it: prune is off in the Kustomization',
      ];
    },
  };
}

/**
 * An inventory entry's id as an identity, undefined where it is none: `shop_web_apps_Deployment`; a colon in a name of
 * RBAC is `__` there.
 * https://github.com/fluxcd/cli-utils/blob/main/pkg/object/objmetadata.go (ParseObjMetadata)
 */
export function parseEntry(id: string): ResourceId | undefined {
  const match = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(id);
  if (match === null) return undefined;
  const [, namespace = '', name = '', group = '', kind = ''] = match;
  const plain = name.replaceAll('__', ':');
  return plain.includes('_') ? undefined : {group, kind, namespace, name: plain};
}
