import type {ImageSession} from '../app/session.ts';
import {collectImages, containerKey} from '../changes/images/collect.ts';
import {askForUpdates, pendingUpdate} from '../changes/images/updates.ts';
import type {ConnectedCluster} from '../cluster/types.ts';
import type {EnvironmentReport} from '../drift/types.ts';
import {desiredTree} from '../engines/direct/history/revision.ts';
import type {Environment} from '../environments/types.ts';
import {fluxImageGroup} from '../registries/policies/flux.ts';
import {Registries} from '../registries/registries.ts';
import {containerImages} from '../resources/container-images.ts';
import {identityOf} from '../resources/identity.ts';
import type {JsonObject} from '../resources/json.ts';
import {loadSource} from '../sources/load.ts';
import type {Workshop} from './parts.ts';

const policyKinds = [
  [fluxImageGroup, 'ImageRepository'],
  [fluxImageGroup, 'ImagePolicy'],
  ['argoproj.io', 'Application'],
  ['argocd-image-updater.argoproj.io', 'ImageUpdater'],
] as const;
const mostPolicies = 2000;

/** The images of an environment, and what their registries have for them. */
export function imageUpdates(shop: Workshop): ImageSession {
  // One for the session: environments have images in common, and a rate limit is the user's as a whole.
  let registries: Registries | undefined;
  return {
    async imageUpdates(name, signal, onEvent, {fresh}) {
      const environment = shop.environment(name);
      const repository = shop.repository();
      registries ??= new Registries({
        plainHttp: shop.plainHttp,
        onSecret: secret => shop.known.add(secret),
      });
      registries.forget({all: fresh});
      await shop.learnSecrets(name, signal);
      const tree = await desiredTree(repository, environment, shop.worktree, signal);
      const {resources, problems} = await loadSource(environment, tree, {signal});
      const report = shop.reports.get(name);
      const images = await collectImages(
        {
          repository,
          environment,
          tree,
          resources,
          rules: shop.imageRules(),
          // Who could not be reached when it was compared is not waited for once more.
          liveObjects: isReached(report) ? await livePolicies(shop, environment, signal) : [],
          liveImages: liveImages(report),
        },
        signal,
      );
      onEvent({type: 'found', images: images.map(pendingUpdate)});
      const updates = await askForUpdates(images, registries, signal, image =>
        onEvent({type: 'image', image}),
      );
      return {environment: name, images: updates, problems};
    },
  };
}

function isReached(report: EnvironmentReport | undefined): boolean {
  return report?.resources.some(({status}) => status !== 'Unknown') ?? false;
}

/** What the cluster has of policies; nothing where it may not be asked. */
async function livePolicies(
  shop: Workshop,
  environment: Environment,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  try {
    const cluster: ConnectedCluster = shop.connect(environment);
    const catalog = await cluster.kinds({signal});
    const lists = await Promise.all(
      policyKinds.map(async ([group, name]) => {
        const kind = catalog.preferred(group, name);
        if (kind === undefined) return [];
        return cluster.list(kind, {cached: true, most: mostPolicies, signal}).then(
          ({items}) => items,
          () => [],
        );
      }),
    );
    return lists.flat();
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

/** What runs of each container, as the last comparison saw it. */
function liveImages(report: EnvironmentReport | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const {live} of report?.resources ?? []) {
    if (live === null) continue;
    for (const {container, image} of containerImages(live))
      found.set(containerKey({id: identityOf(live), container}), image);
  }
  return found;
}
