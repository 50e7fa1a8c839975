import type {ChangePlan} from '../../repository/types.ts';
import type {ResourceId} from '../../resources/identity.ts';
import type {Json} from '../../resources/json.ts';

/** A resource of which live values go into git. */
export interface AdoptedResource {
  /** As reports have it. */
  id: ResourceId;
  /** Formatted paths of the fields, as reports have them; null for all that differ. */
  fields: readonly string[] | null;
}

/** An adoption: what is live and differs becomes what git says, at the lines that set it. */
export interface AdoptRequest {
  kind: 'adopt';
  environment: string;
  resources: readonly AdoptedResource[];
  /** Where a file that sets a field is shared with other environments it is edited all the same; else overridden. */
  inShared?: boolean;
}

/** One field that git will say as it is live. Never a value of a Secret. */
export interface AdoptedField {
  id: ResourceId;
  /** Formatted; '' for an object as a whole. */
  path: string;
  /** What git said; absent where it said nothing. */
  git?: Json;
  /** What it will say; absent where it will say nothing. */
  live?: Json;
  /** Where: the line of the file as it will be. */
  file: string;
  line: number;
  /** What sets it there: `its manifest`, `a new patch`. */
  how: string;
  /** The environments that share the files which set it until now: this one overrides them. */
  overrides: readonly string[];
  /** Who set the live value, and when. */
  manager?: string;
  changedAt?: string;
  /** By the engine's own comparison with what is live, after the change: `differs` in `note`'s words. */
  after: 'same' | 'differs' | 'unknown';
  note: string | null;
}

/** A field that stays as it is, and why. */
export interface LeftField {
  id: ResourceId;
  /** '' for the object as a whole. */
  path: string;
  reason: string;
  /** True where there is nothing to do: git says it already, or it is no drift. */
  settled: boolean;
  /** Environments that share the files in which it could be done. */
  shared?: readonly string[];
}

/** A planned adoption. */
export interface AdoptPlan extends ChangePlan {
  adopted: readonly AdoptedField[];
  left: readonly LeftField[];
}
