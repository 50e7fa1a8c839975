import {allHidden} from '../drift/hidden.ts';
import type {EnvironmentReport, FieldChange, HiddenField, LeftOut, ResourceDrift} from '../drift/types.ts';
import type {ResourceId} from '../resources/identity.ts';
import {type Json, type JsonObject, stringifyJson} from '../resources/json.ts';
import type {Problem} from '../resources/problem.ts';

/** The repository as the document names it. */
export interface DocumentRepository {
  path: string;
  remote: string | null;
  head: string | null;
}

/** Which parts of the document are wanted. */
export interface DocumentParts {
  resources: boolean;
  /** Of each resource also what differs and is no drift. Default false. */
  ignored?: boolean;
}

/**
 * The versioned document of `diff` and `status`: schemaVersion 1, as README documents it. `status` leaves the resources
 * out. Secret values are masks by the time they get here.
 */
export function driftDocument(
  repository: DocumentRepository,
  reports: readonly EnvironmentReport[],
  problems: readonly Problem[],
  options: DocumentParts,
): JsonObject {
  return {
    schemaVersion: 1,
    repository: {...repository},
    environments: reports.map(report => environmentDocument(report, options)),
    errors: problems.map(problemDocument),
  };
}

function environmentDocument(report: EnvironmentReport, options: DocumentParts): JsonObject {
  return {
    name: report.environment,
    context: report.context,
    engine: report.engine,
    protected: report.protected,
    syncStatus: report.syncStatus,
    healthStatus: report.healthStatus,
    desiredRevision: report.desiredRevision,
    liveRevision: report.liveRevision,
    ...(report.liveMatch === undefined ? {} : {liveMatch: {...report.liveMatch}}),
    summary: {...report.summary},
    ...(options.resources
      ? {resources: report.resources.map(resource => resourceDocument(resource, options.ignored ?? false))}
      : {}),
    ...(report.leftOut === undefined ? {} : {leftOut: report.leftOut.map(leftOutDocument)}),
    ...(report.orphans === undefined ? {} : {orphans: report.orphans.map(orphanDocument)}),
    errors: report.errors.map(problemDocument),
  };
}

function orphanDocument({group, kind, namespace, name}: ResourceId): JsonObject {
  return {group, kind, namespace, name};
}

function leftOutDocument({id, source, reason}: LeftOut): JsonObject {
  const {group, kind, namespace, name} = id;
  return {group, kind, namespace, name, source: {file: source.file, line: source.line}, reason};
}

function resourceDocument(resource: ResourceDrift, ignored: boolean): JsonObject {
  return {
    group: resource.id.group,
    version: resource.version,
    kind: resource.id.kind,
    namespace: resource.id.namespace === '' ? null : resource.id.namespace,
    name: resource.id.name,
    status: resource.status,
    health: resource.health,
    ...(resource.healthMessage === '' ? {} : {healthMessage: resource.healthMessage}),
    verdict: resource.verdict,
    source: resource.source === null ? null : {file: resource.source.file, line: resource.source.line},
    fields: resource.fields.map(fieldDocument),
    ...(ignored ? {hidden: allHidden(resource).map(hiddenDocument)} : {}),
    notes: resource.notes,
    error: resource.error,
  };
}

function hiddenDocument({path, reason, because, desired, live}: HiddenField): JsonObject {
  const document: JsonObject = {path, reason, because};
  put(document, 'desired', desired);
  put(document, 'live', live);
  return document;
}

function fieldDocument(field: FieldChange): JsonObject {
  const document: JsonObject = {path: field.path, change: field.change};
  put(document, 'desired', field.desired);
  put(document, 'live', field.live);
  put(document, 'manager', field.manager);
  put(document, 'changedAt', field.changedAt);
  put(document, 'commit', field.commit);
  put(document, 'author', field.author);
  put(document, 'file', field.location?.file);
  put(document, 'line', field.location?.line);
  return document;
}

function problemDocument(problem: Problem): JsonObject {
  const document: JsonObject = {severity: problem.severity, message: problem.message};
  put(document, 'fix', problem.fix);
  put(document, 'file', problem.location?.file);
  put(document, 'line', problem.location?.line);
  put(document, 'column', problem.location?.column);
  return document;
}

function put(document: JsonObject, key: string, value: Json | undefined): void {
  if (value !== undefined) document[key] = value;
}

/**
 * The exit status in the manner of diff(1) and kubectl diff: 0 all in sync; 1 drift, and every verdict could be reached;
 * 2 something is Unknown or went wrong, drift or not.
 */
export function exitStatus(reports: readonly EnvironmentReport[], problems: readonly Problem[]): 0 | 1 | 2 {
  const failed = [...problems, ...reports.flatMap(report => report.errors)].some(
    ({severity}) => severity === 'error',
  );
  if (failed || reports.some(report => report.syncStatus === 'Unknown' || report.summary.unknown > 0))
    return 2;
  return reports.some(report => report.syncStatus !== 'Synced') ? 1 : 0;
}

/** A value on one line for people: strings as they are, objects and lists as compact JSON, nothing as ''. */
export function formatValue(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && value !== '') return value;
  return stringifyJson(value);
}
