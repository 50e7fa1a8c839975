import type {Environment} from '../../environments/types.ts';
import {
  type ApplicationPolicy,
  annotationPolicies,
  updaterPolicies,
} from '../../registries/policies/argocd-image-updater.ts';
import {type FluxPolicy, fluxImageGroup, fluxPolicies} from '../../registries/policies/flux.ts';
import {fluxV1Policy} from '../../registries/policies/flux-v1.ts';
import type {ImageMarker} from '../../registries/policies/markers.ts';
import type {StatedPolicy} from '../../registries/policies/types.ts';
import {fullName, type ImageReference, parseImage} from '../../registries/reference.ts';
import type {Repository, Tree} from '../../repository/types.ts';
import {type ContainerImage, containerImages} from '../../resources/container-images.ts';
import {identityOf, splitApiVersion} from '../../resources/identity.ts';
import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {configPolicy, type ImageRule} from './config-policy.ts';
import {environmentMarkers, type PlacedMarker} from './marked.ts';
import {policyObjects} from './policy-files.ts';
import type {EnvironmentImage, ImageUser} from './types.ts';

/** What the images of an environment are looked for in. */
export interface CollectOptions {
  repository: Repository;
  environment: Environment;
  /** The environment's own files: a commit's, or the working tree's. */
  tree: Tree;
  resources: readonly DesiredResource[];
  rules: readonly ImageRule[];
  /** What the cluster has of policies, where it was asked. */
  liveObjects?: readonly JsonObject[];
  /** What runs, by containers; empty where nothing was looked at. */
  liveImages?: ReadonlyMap<string, string>;
}

/** The objects that state policies, of git and of the cluster. */
interface Stated {
  flux: ReadonlyMap<string, FluxPolicy>;
  applications: readonly ApplicationPolicy[];
}

/**
 * The images that an environment's git names, each with who has it and the policy that is stated for it: by a Flux marker,
 * by Weave's annotations on the workload, by Argo CD Image Updater's on the Application of this folder, by the config
 * file; the first that says anything. Throws RepositoryError.
 */
export async function collectImages(
  options: CollectOptions,
  signal?: AbortSignal,
): Promise<EnvironmentImage[]> {
  const stated = await statedPolicies(options, signal);
  const markers = await environmentMarkers(options, options.tree, signal);
  const found = new Map<string, {reference: ImageReference | null; uses: Use[]}>();
  for (const resource of options.resources) {
    for (const place of containerImages(resource.object)) {
      const known = found.get(place.image) ?? {reference: parseImage(place.image), uses: []};
      known.uses.push({resource, place});
      found.set(place.image, known);
    }
  }
  const images = [...found].map(([image, {reference, uses}]): EnvironmentImage => {
    const users = uses.map(userOf);
    const marker = reference === null ? null : markerFor(reference, markers, stated.flux);
    return {
      image,
      reference,
      users,
      marker: marker?.key ?? null,
      policy: marker ?? otherPolicy(reference, uses, stated, options.rules),
      live: liveOf(image, users, options.liveImages),
    };
  });
  return [...images, ...markedOnly(images, markers, stated.flux)].sort((a, b) =>
    a.image < b.image ? -1 : a.image > b.image ? 1 : 0,
  );
}

interface Use {
  resource: DesiredResource;
  place: ContainerImage;
}

function userOf({resource, place}: Use): ImageUser {
  return {id: identityOf(resource.object), container: place.container};
}

/** A container's name in `liveImages`; without the namespace, which git need not state. */
export function containerKey({id, container}: ImageUser): string {
  return `${id.group}/${id.kind}/${id.name}/${container}`;
}

function liveOf(
  image: string,
  users: readonly ImageUser[],
  liveImages: ReadonlyMap<string, string> | undefined,
): string[] {
  const live = users.flatMap(user => liveImages?.get(containerKey(user)) ?? []);
  return [...new Set(live)].filter(other => other !== image);
}

async function statedPolicies(
  {repository, environment, tree, liveObjects = []}: CollectOptions,
  signal: AbortSignal | undefined,
): Promise<Stated> {
  const commit = tree.revision === 'worktree' ? (await repository.head(signal)).sha : tree.revision;
  const inGit = commit === null ? [] : await policyObjects(repository, repository.tree(commit), signal);
  const objects: {object: JsonObject; location: SourceLocation | null}[] = [
    ...inGit,
    ...liveObjects.map(object => ({object, location: null})),
  ];
  const groupOf = (object: JsonObject) => splitApiVersion(stringAt(object, 'apiVersion') ?? '').group;
  const flux = fluxPolicies(objects.filter(({object}) => groupOf(object) === fluxImageGroup));
  const updaters = objects.filter(({object}) => object['kind'] === 'ImageUpdater');
  const seen = new Set<string>();
  const applications = objects
    .filter(({object}) => object['kind'] === 'Application' && deploys(object, environment.path))
    .filter(({object}) => {
      // Git's comes first; the cluster's copy of it says nothing more.
      const {name} = identityOf(object);
      return !seen.has(name) && seen.add(name);
    })
    .flatMap(({object, location}) => [
      ...updaters.flatMap(updater => updaterPolicies(updater.object, object, updater.location)),
      ...annotationPolicies(object, location),
    ]);
  return {flux, applications};
}

/** True where one of an Application's sources is the environment's folder. */
function deploys(application: JsonObject, folder: string): boolean {
  const spec = objectAt(application, 'spec');
  const paths = [objectAt(spec, 'source'), ...listAt(spec, 'sources')].map(source =>
    stringAt(source, 'path'),
  );
  return paths.some(path => path !== undefined && trimmed(path) === trimmed(folder));
}

function trimmed(path: string): string {
  return path.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$/, '');
}

/** The policy that a marker names; where git leaves its namespace to a kustomization, by its name alone. */
export function policyOf(
  marker: Pick<ImageMarker, 'policy'>,
  policies: ReadonlyMap<string, FluxPolicy>,
): FluxPolicy | undefined {
  return policies.get(marker.policy) ?? policies.get(marker.policy.replace(/^[^:]*/, ''));
}

/** The image that a marker's scalar belongs to, as it stands; null where it can't be told, or sets but a part of one. */
function imageAt(marker: ImageMarker, policy: FluxPolicy | undefined): ImageReference | null {
  if (marker.sets === 'image') return parseImage(marker.value);
  const image = policy?.image ?? null;
  if (marker.sets !== 'tag' || image === null) return null;
  return parseImage(`${image}:${marker.value}`);
}

function markerFor(
  reference: ImageReference,
  markers: readonly PlacedMarker[],
  policies: ReadonlyMap<string, FluxPolicy>,
): FluxPolicy | null {
  for (const marker of markers) {
    const policy = policyOf(marker, policies);
    const image = imageAt(marker, policy);
    if (image === null || image.tag !== reference.tag || fullName(image) !== fullName(reference)) continue;
    if (policy === undefined) return missingPolicy(marker);
    // Only where the whole image is marked is there room for a digest that is not there yet.
    const pinsDigest = reference.digest !== null || (policy.pinsDigest && marker.sets === 'image');
    return {...policy, pinsDigest};
  }
  return null;
}

function missingPolicy({policy, file, line}: PlacedMarker): FluxPolicy {
  return {
    origin: 'flux',
    name: `ImagePolicy ${policy.replace(':', '/')}`,
    location: {file, line},
    policy: {problem: 'the ImagePolicy that its marker names is not in this repository'},
    pinsDigest: false,
    key: policy,
    image: null,
    latest: null,
  };
}

/** Images that only markers tell of: the tag in a Helm release's values, whose pods nobody renders here. */
function markedOnly(
  images: readonly EnvironmentImage[],
  markers: readonly PlacedMarker[],
  policies: ReadonlyMap<string, FluxPolicy>,
): EnvironmentImage[] {
  const found = new Map<string, EnvironmentImage>();
  for (const marker of markers) {
    const policy = policyOf(marker, policies);
    const reference = imageAt(marker, policy);
    if (policy === undefined || reference === null) continue;
    const isKnown = images.some(
      image =>
        image.marker === policy.key && image.reference !== null && image.reference.tag === reference.tag,
    );
    const {written: image} = reference;
    if (!isKnown) found.set(image, {image, reference, users: [], policy, marker: policy.key, live: []});
  }
  return [...found.values()];
}

function otherPolicy(
  reference: ImageReference | null,
  uses: readonly Use[],
  {applications}: Stated,
  rules: readonly ImageRule[],
): StatedPolicy | null {
  for (const {resource, place} of uses) {
    const policy = fluxV1Policy(resource.object, place.container, resource.location);
    if (policy !== null) return policy;
  }
  if (reference === null) return null;
  return applications.find(({image}) => image === fullName(reference)) ?? configPolicy(reference, rules);
}
