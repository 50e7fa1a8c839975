import type {FieldPath} from '../resources/field-path.ts';
import type {JsonObject} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';

/** An object as git wants it. */
export interface DesiredResource {
  object: JsonObject;
  /** Where the document starts (the line of its first key); for rendered sources the file it was made from, where known. */
  location: SourceLocation;
  /** The file and line that sets a field; undefined where that can't be told. */
  locate(path: FieldPath): SourceLocation | undefined;
  /** ConfigMaps and Secrets of a kustomize generator: the name without its hash suffix (drift trap 45). */
  generatedFrom?: string;
}

/** What a source gave: what could be read, and a problem for each thing that could not. */
export interface SourceResult {
  /** What was read it with: `directory`, `kustomize`. */
  source: 'directory' | 'kustomize';
  resources: DesiredResource[];
  problems: Problem[];
  /** True where the folder is not there, or holds nothing that could be a source: `problems` says so. */
  isEmpty?: boolean;
}
