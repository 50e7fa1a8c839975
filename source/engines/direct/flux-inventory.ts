import {identityKey, identityOf, type ResourceId} from '../../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {remoteIdentity} from './source-identity.ts';
import {folderOf, isBranch, type Tracked, type Tracker} from './trackers.ts';

const nameLabel = 'kustomize.toolkit.fluxcd.io/name';
const namespaceLabel = 'kustomize.toolkit.fluxcd.io/namespace';
const pruneAnnotation = 'kustomize.toolkit.fluxcd.io/prune';

/**
 * The Kustomizations that deploy this environment's folder into this cluster, as trackers.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#inventory
 */
export function fluxTrackers(
  kustomizations: readonly JsonObject[],
  repositories: readonly JsonObject[],
  environment: Tracked,
): Tracker[] {
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
  return kustomizations.flatMap(kustomization => {
    const spec = objectAt(kustomization, 'spec');
    const {namespace} = identityOf(kustomization);
    const source = objectAt(spec, 'sourceRef');
    const from = `${stringAt(source, 'namespace') ?? namespace}/${stringAt(source, 'name') ?? ''}`;
    if (stringAt(source, 'kind') !== 'GitRepository' || !ours.has(from)) return [];
    if (folderOf(stringAt(spec, 'path')) !== environment.path) return [];
    // In another cluster, or by other names than those in git.
    if (['kubeConfig', 'namePrefix', 'nameSuffix', 'components'].some(name => spec[name] !== undefined))
      return [];
    const target = stringAt(spec, 'targetNamespace');
    if (target !== undefined && target !== environment.namespace) return [];
    return [trackerOf(kustomization)];
  });
}

function trackerOf(kustomization: JsonObject): Tracker {
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
      const kept = [objectAt(metadata, 'annotations'), labels].some(
        marks => stringAt(marks, pruneAnnotation)?.toLowerCase() === 'disabled',
      );
      return [
        `tracked by Flux Kustomization ${namespace}/${name}`,
        kept
          ? `Flux would not prune it: ${pruneAnnotation} is disabled`
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
