import * as v from 'valibot';
import type {JsonObject} from '../../resources/json.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import type {ImagePolicy, Order, TagFilter} from '../policy.ts';
import type {StatedPolicy} from './types.ts';

/** An object of the image automation API group, and where git has it; null where only the cluster does. */
export interface FluxObject {
  object: JsonObject;
  location: SourceLocation | null;
}

/** A policy that marker comments name as `namespace:name`. */
export interface FluxPolicy extends StatedPolicy {
  key: string;
  /** The image of its ImageRepository, without a tag; null where that is not known. */
  image: string | null;
}

export const fluxImageGroup = 'image.toolkit.fluxcd.io';

const order = v.optional(v.picklist(['asc', 'desc']), 'asc');
const name = v.pipe(v.string(), v.nonEmpty());
const metadata = v.object({name, namespace: v.optional(v.string(), '')});

const policySchema = v.object({
  metadata,
  spec: v.object({
    imageRepositoryRef: v.object({name, namespace: v.optional(v.string())}),
    filterTags: v.nullish(v.object({pattern: v.optional(v.string()), extract: v.optional(v.string())})),
    policy: v.object({
      semver: v.nullish(v.object({range: v.string()})),
      alphabetical: v.nullish(v.object({order})),
      numerical: v.nullish(v.object({order})),
    }),
    digestReflectionPolicy: v.optional(v.string()),
  }),
  status: v.optional(
    v.object({
      latestRef: v.nullish(v.object({tag: v.optional(v.string()), digest: v.optional(v.string())})),
    }),
  ),
});

const repositorySchema = v.object({
  metadata,
  spec: v.object({
    image: v.pipe(v.string(), v.nonEmpty()),
    exclusionList: v.optional(v.array(v.string())),
  }),
});

// Signatures of cosign lie in the repository beside the images; Flux leaves them out where nothing else is said.
const defaultExclusions = ['^.*\\.sig$'];

/**
 * Flux's image policies of its ImagePolicy and ImageRepository objects (https://fluxcd.io/flux/components/image/), by the
 * key that markers name them with. An object that git and the cluster both have counts as git has it; what the cluster's
 * controller chose is kept.
 */
export function fluxPolicies(objects: readonly FluxObject[]): Map<string, FluxPolicy> {
  const repositories = new Map<string, v.InferOutput<typeof repositorySchema>>();
  const policies = new Map<string, FluxPolicy>();
  // The cluster's first, so that git's take their place.
  const ordered = [...objects].sort((a, b) => Number(a.location !== null) - Number(b.location !== null));
  for (const {object} of ordered) {
    if (object['kind'] !== 'ImageRepository') continue;
    const parsed = v.safeParse(repositorySchema, object);
    if (parsed.success) repositories.set(keyOf(parsed.output.metadata), parsed.output);
  }
  for (const {object, location} of ordered) {
    if (object['kind'] !== 'ImagePolicy') continue;
    const parsed = v.safeParse(policySchema, object);
    const own = v.safeParse(v.object({metadata}), object);
    if (!own.success) continue;
    const key = keyOf(own.output.metadata);
    const before = policies.get(key);
    const stated = {
      origin: 'flux' as const,
      name: `ImagePolicy ${key.replace(':', '/')}`,
      location: location ?? before?.location ?? null,
      key,
    };
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const where = v.getDotPath(issue) ?? 'its top';
      const problem = `the ImagePolicy can't be read (${where})`;
      policies.set(key, {...stated, policy: {problem}, pinsDigest: false, image: null, latest: null});
      continue;
    }
    const {spec, status, metadata: self} = parsed.output;
    const {imageRepositoryRef: reference} = spec;
    const repository = repositories.get(`${reference.namespace ?? self.namespace}:${reference.name}`);
    const exclusions = repository?.spec.exclusionList ?? defaultExclusions;
    const {latestRef} = status ?? {};
    const latest = latestRef?.tag
      ? {tag: latestRef.tag, digest: latestRef.digest ?? null}
      : (before?.latest ?? null);
    policies.set(key, {
      ...stated,
      policy:
        repository === undefined
          ? {problem: `its ImageRepository ${reference.name} is not found`}
          : policyOf(spec, exclusions),
      pinsDigest: /^(?:Always|IfNotPresent)$/.test(spec.digestReflectionPolicy ?? ''),
      image: repository?.spec.image ?? null,
      latest,
    });
  }
  return policies;
}

function keyOf({namespace, name: own}: v.InferOutput<typeof metadata>): string {
  return `${namespace}:${own}`;
}

function policyOf(
  {filterTags, policy}: v.InferOutput<typeof policySchema>['spec'],
  exclusions: readonly string[],
): ImagePolicy | {problem: string} {
  const filters: TagFilter[] = exclusions.map(pattern => ({type: 'not-pattern', pattern}));
  if (filterTags?.pattern) {
    filters.push({type: 'pattern', pattern: filterTags.pattern, extract: filterTags.extract || null});
  }
  const orders: Order[] = [];
  if (policy.semver) orders.push({by: 'semver', range: policy.semver.range, mode: 'strict'});
  if (policy.alphabetical) orders.push({by: 'alphabetical', order: policy.alphabetical.order});
  if (policy.numerical) orders.push({by: 'numerical', order: policy.numerical.order});
  const [only] = orders;
  if (only === undefined || orders.length > 1) return {problem: 'the ImagePolicy names no single policy'};
  return {order: only, filters};
}
