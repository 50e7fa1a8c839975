import type {FieldChange} from '../../drift/types.ts';
import type {PreviewedResource} from '../../engines/types.ts';
import type {FieldPath} from '../../resources/field-path.ts';
import type {ResourceId} from '../../resources/identity.ts';
import type {Json} from '../../resources/json.ts';
import type {Problem, SourceLocation} from '../../resources/problem.ts';

/**
 * One field that a change of git sets otherwise: `added` is set by the change and was not before, `removed` is set no more,
 * `order` has the same items in another order. Values of Secrets are masks already, equal ones with equal masks.
 */
export interface FieldEffect {
  /** Formatted: `spec.template.spec.containers[name=web].image`. */
  path: string;
  elements: FieldPath;
  change: 'changed' | 'added' | 'removed' | 'order';
  before?: Json;
  after?: Json;
  /** Where git sets it after the change. */
  location?: SourceLocation;
  /** The new name of a generated object, where that name is all that differs: the field follows, nobody wrote it. */
  follows?: string;
}

/** What a change of git makes of one object. */
export interface ObjectEffect {
  /** As git states it; the environment's namespace where it states none. Of a replaced one the new name. */
  id: ResourceId;
  version: string;
  /** `replaced`: a generated ConfigMap or Secret that goes by a new name because its content is another. */
  change: 'added' | 'removed' | 'changed' | 'replaced';
  /** The former name of a replaced one. */
  formerName?: string;
  /** What differs, for `changed` and `replaced`. */
  fields: readonly FieldEffect[];
  /** Where it is after the change; of a removed one where it was. */
  source: SourceLocation;
  /** Why it is neither compared nor applied (a hook); null for most. */
  leftOut: string | null;
  notes: readonly string[];
}

/** The image of a container; null where the container comes or goes. */
export interface ImageEffect {
  id: ResourceId;
  container: string;
  before: string | null;
  after: string | null;
}

/** A count of replicas; null where git leaves it to others. */
export interface ReplicasEffect {
  id: ResourceId;
  before: number | null;
  after: number | null;
}

/** What people ask of a change first. What is left out (hooks) does not count in it, but for its own number. */
export interface EffectDigest {
  images: readonly ImageEffect[];
  replicas: readonly ReplicasEffect[];
  added: readonly ResourceId[];
  removed: readonly ResourceId[];
  /** Generated ConfigMaps and Secrets with a new name. */
  replaced: readonly ResourceId[];
  /** Objects that differ in fields. */
  changed: readonly ResourceId[];
  /** Fields that differ besides images, replicas and the names that follow a replaced object. */
  otherFields: number;
  leftOut: number;
}

/** How two states of git differ in what they want. */
export interface DesiredComparison {
  /** In git's order: what is there after the change first, then what is gone. */
  objects: readonly ObjectEffect[];
  /** How many objects both want alike. */
  unchanged: number;
  digest: EffectDigest;
}

/** What a change of git does to what one environment wants, rendered. */
export interface RenderedEffect extends DesiredComparison {
  environment: string;
  /** Object IDs of the commits or trees that were compared. */
  from: string;
  to: string;
  /** False where no file differs that the environment is made of: then nothing was rendered. */
  touched: boolean;
  /** False where the state after the change can't be read in full: it would not build. `problems` say why. */
  builds: boolean;
  /** What is wrong with git after the change. */
  problems: readonly Problem[];
  /** What was wrong with it before and is no more: errors only. */
  repaired: readonly Problem[];
  /** Objects that are there on one side, while on the other they may be in a file that can't be read. */
  undecided: readonly ResourceId[];
}

/** What would become of one object in the cluster. */
export interface ObjectOnCluster extends Omit<PreviewedResource, 'fields'> {
  /** Where live differs from what git would want; `isDrift` where that is no doing of the change. */
  fields: readonly (FieldChange & {isDrift: boolean})[];
}

/** What a change of git would do to the cluster, by the engine's own verdict; or why that is not known. */
export type ClusterEffect =
  | {unknown: string}
  | {objects: readonly ObjectOnCluster[]; problems: readonly Problem[]};

/** What a change of git does to an environment. */
export interface EnvironmentEffect {
  environment: string;
  rendered: RenderedEffect;
  /** Null where the cluster was not asked. */
  cluster: ClusterEffect | null;
}
