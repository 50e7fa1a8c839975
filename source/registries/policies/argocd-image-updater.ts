import * as v from 'valibot';
import {type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import {pathGlob} from '../pattern.ts';
import type {ImagePolicy, TagFilter} from '../policy.ts';
import {fullName, parseImage} from '../reference.ts';
import type {StatedPolicy} from './types.ts';

/** A policy for one image of an Application. */
export interface ApplicationPolicy extends StatedPolicy {
  /** The image's whole name: `docker.io/library/nginx`. */
  image: string;
}

const prefix = 'argocd-image-updater.argoproj.io/';

/** What annotations and objects say of how an image is updated. */
interface Settings {
  strategy: string | undefined;
  allowTags: string | undefined;
  ignoreTags: readonly string[];
}

/**
 * The policies of an Application's annotations, as Argo CD Image Updater reads them before 1.0
 * (https://argocd-image-updater.readthedocs.io/en/v0.16.0/configuration/images/): `image-list: web=nginx:~1.26,redis`, with
 * `web.update-strategy`, `web.allow-tags` and `web.ignore-tags`, or the same without an alias for all.
 */
export function annotationPolicies(
  application: JsonObject,
  location: SourceLocation | null,
): ApplicationPolicy[] {
  const metadata = objectAt(application, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  const list = stringAt(annotations, `${prefix}image-list`);
  if (list === undefined) return [];
  const of = (alias: string, name: string) =>
    (alias === '' ? undefined : stringAt(annotations, `${prefix}${alias.replaceAll('/', '_')}.${name}`)) ??
    stringAt(annotations, prefix + name);
  const name = `Application ${named(metadata)}`;
  return list.split(',').flatMap(entry => {
    const [, alias = '', specification = ''] = /^\s*(?:([^=\s]+)=)?(.*?)\s*$/s.exec(entry) ?? [];
    const ignored = of(alias, 'ignore-tags') ?? '';
    const settings = {
      strategy: of(alias, 'update-strategy'),
      allowTags: of(alias, 'allow-tags') ?? (alias && stringAt(annotations, `${prefix}${alias}.tag-match`)),
      ignoreTags: ignored.split(',').flatMap(glob => glob.trim() || []),
    };
    const policy = specified(specification, settings, name, location);
    return policy === null ? [] : [policy];
  });
}

const settingsSchema = v.nullish(
  v.object({
    updateStrategy: v.optional(v.string()),
    allowTags: v.optional(v.string()),
    ignoreTags: v.optional(v.array(v.string())),
  }),
);
const updaterSchema = v.object({
  metadata: v.object({name: v.string(), namespace: v.optional(v.string(), '')}),
  spec: v.object({
    commonUpdateSettings: settingsSchema,
    applicationRefs: v.array(
      v.object({
        namePattern: v.string(),
        commonUpdateSettings: settingsSchema,
        useAnnotations: v.optional(v.boolean()),
        images: v.optional(
          v.array(
            v.object({
              alias: v.optional(v.string()),
              imageName: v.string(),
              commonUpdateSettings: settingsSchema,
            }),
          ),
          [],
        ),
      }),
    ),
  }),
});

/**
 * The policies that an ImageUpdater object (1.0 and later) has for an Application
 * (https://argocd-image-updater.readthedocs.io/en/stable/configuration/applications/): of the first of its references whose
 * pattern fits the Application's name.
 */
export function updaterPolicies(
  updater: JsonObject,
  application: JsonObject,
  location: SourceLocation | null,
): ApplicationPolicy[] {
  const parsed = v.safeParse(updaterSchema, updater);
  if (!parsed.success) return [];
  const {metadata, spec} = parsed.output;
  const {name, namespace} = objectAt(application, 'metadata');
  // It looks for Applications in its own namespace.
  if (namespace && metadata.namespace && namespace !== metadata.namespace) return [];
  const reference = spec.applicationRefs.find(({namePattern}) => {
    const pattern = pathGlob(namePattern);
    return typeof pattern !== 'string' && typeof name === 'string' && pattern(name);
  });
  if (reference === undefined) return [];
  if (reference.useAnnotations === true) return annotationPolicies(application, location);
  return reference.images.flatMap(image => {
    const levels = [image.commonUpdateSettings, reference.commonUpdateSettings, spec.commonUpdateSettings];
    const settings = {
      strategy: levels.find(level => level?.updateStrategy)?.updateStrategy,
      allowTags: levels.find(level => level?.allowTags)?.allowTags,
      ignoreTags: levels.find(level => level?.ignoreTags)?.ignoreTags ?? [],
    };
    const policy = specified(image.imageName, settings, `ImageUpdater ${named(metadata)}`, location);
    return policy === null ? [] : [policy];
  });
}

function named(metadata: JsonObject | {name: string; namespace: string}): string {
  const {name, namespace} = metadata;
  const own = typeof name === 'string' ? name : '';
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${own}` : own;
}

function specified(
  specification: string,
  settings: Settings,
  name: string,
  location: SourceLocation | null,
): ApplicationPolicy | null {
  // A constraint (`~1.26`, `1.x`) need not be a tag: it is what follows the colon after the last slash.
  const slash = specification.lastIndexOf('/');
  const colon = specification.indexOf(':', slash + 1);
  const image = parseImage(colon < 0 ? specification : specification.slice(0, colon));
  if (image === null) return null;
  const constraint = colon < 0 ? '' : specification.slice(colon + 1).trim();
  return {
    origin: 'argocd-image-updater',
    name,
    location,
    image: fullName(image),
    ...policyOf(constraint, settings),
  };
}

function policyOf(
  constraint: string,
  {strategy = 'semver', allowTags, ignoreTags}: Settings,
): Pick<StatedPolicy, 'policy' | 'pinsDigest'> {
  const filters: TagFilter[] = [];
  const allow = allowTags?.trim();
  if (allow?.startsWith('regexp:')) {
    filters.push({type: 'pattern', pattern: allow.slice('regexp:'.length), extract: null});
  } else if (allow && allow !== 'any') {
    return {policy: {problem: `allow-tags "${allow}" is neither any nor regexp:…`}, pinsDigest: false};
  }
  if (ignoreTags.length > 0) filters.push({type: 'ignore', globs: ignoreTags});
  const policy = (order: ImagePolicy['order']) => ({policy: {order, filters}, pinsDigest: false});
  switch (strategy.trim()) {
    case 'semver':
      return policy({by: 'semver', range: constraint, mode: 'lenient'});
    case 'latest':
    case 'newest-build':
      return policy({by: 'build'});
    case 'name':
    case 'alphabetical':
      return policy({by: 'alphabetical', order: 'asc'});
    case 'digest':
      if (constraint === '') return {policy: {problem: 'the digest strategy names no tag'}, pinsDigest: true};
      return {...policy({by: 'digest', tag: constraint}), pinsDigest: true};
    default:
      return {policy: {problem: `the update strategy "${strategy}" is not known`}, pinsDigest: false};
  }
}
