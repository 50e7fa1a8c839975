import type {FieldPath} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, isObject, type Json, type JsonObject, objectAt, stringifyJson} from '../resources/json.ts';
import {equalQuantity} from '../resources/quantity.ts';
import type {SchemaNode} from '../resources/schema.ts';
import {type Around, claim, container, type Default, kinds, podSpec, probe} from './default-tables.ts';
import {isDerived} from './derived-defaults.ts';
import {generalise, isBuiltIn, withinPodSpec} from './kinds.ts';
import {zeroOf} from './zeros.ts';

type Kind = Pick<ResourceId, 'group' | 'kind'>;

/** Structs that the server makes out of nothing: silence about the whole is silence about defaults. */
const madeByServer = new Set([
  'spec.strategy',
  'spec.strategy.rollingUpdate',
  'spec.updateStrategy',
  'spec.updateStrategy.rollingUpdate',
  'spec.persistentVolumeClaimRetentionPolicy',
  'spec.conversion',
  'spec.behavior.scaleUp',
  'spec.behavior.scaleDown',
  'spec.volumeLifecycleModes',
  'spec.containers[].resources.requests',
  'metadata.labels',
  'spec.sessionAffinityConfig',
  'spec.sessionAffinityConfig.clientIP',
]);

/** Structs that are the same empty as absent; others (`emptyDir: {}`) are not (drift trap 5). */
const emptyIsAbsent = new Set(['resources', 'strategy', 'updateStrategy', 'metadata']);

const initContainers = /^(?:initContainers|ephemeralContainers)\[\]/;
const probes = /^(?:livenessProbe|readinessProbe|startupProbe)\./;
const hooks = /^lifecycle\.(?:postStart|preStop)\./;

function knownDefault(kind: Kind, path: string): Default | undefined {
  const own = kinds[`${kind.group}/${kind.kind}`]?.[path];
  if (own !== undefined) return own;
  const inPod = withinPodSpec(kind, path)?.replace(initContainers, 'containers[]');
  if (inPod === undefined) {
    return path.startsWith('spec.volumeClaimTemplates[].spec.')
      ? claim[path.slice('spec.volumeClaimTemplates[].spec.'.length)]
      : undefined;
  }
  if (!inPod.startsWith('containers[].')) return podSpec[inPod];
  const inContainer = inPod.slice('containers[].'.length);
  if (probes.test(inContainer)) return probe[inContainer.replace(probes, '')];
  if (hooks.test(inContainer)) return probe[inContainer.replace(hooks, '')];
  return container[inContainer];
}

/**
 * True where a live value is what the server itself fills in where git is silent: the schema's default, or a known one of
 * the Go types. `parent` is the live object that holds it, `root` the whole live object.
 */
export function isDefault(
  kind: Kind,
  path: FieldPath,
  value: Json,
  schema: SchemaNode | undefined,
  parent: JsonObject,
  root: JsonObject,
): boolean {
  if (schema?.default !== undefined && equalDefault(schema.default, value)) return true;
  if (!isBuiltIn(kind.group)) {
    const wanted = schema === undefined ? undefined : defaultOf(schema);
    return wanted !== undefined && equalJson(wanted, value);
  }
  if (isDerived(kind, path, value, parent, root)) return true;
  const known = knownDefault(kind, generalise(path));
  const wanted = typeof known === 'function' ? known({parent, root}) : known;
  return wanted !== undefined && equalDefault(wanted, value);
}

/** True where the server makes the whole struct at this path out of defaults (`spec.strategy`). */
export function isMadeByServer(kind: Kind, path: FieldPath): boolean {
  return isBuiltIn(kind.group) && madeByServer.has(generalise(path));
}

/** What the server makes of nothing by a schema: its default, filled in further by the defaults of what it holds. */
export function defaultOf(schema: SchemaNode): Json | undefined {
  return schema.default === undefined ? undefined : filledIn(schema.default, schema);
}

function filledIn(value: Json, schema: SchemaNode | undefined): Json {
  if (Array.isArray(value)) return value.map(item => filledIn(item, schema?.items()));
  if (!isObject(value) || schema === undefined) return value;
  const filled: JsonObject = {};
  for (const [name, item] of Object.entries(value)) filled[name] = filledIn(item, schema.property(name));
  for (const name of schema.propertyNames()) {
    const child = schema.property(name);
    if (filled[name] === undefined && child?.default !== undefined)
      filled[name] = filledIn(child.default, child);
  }
  return filled;
}

function equalDefault(wanted: Json, value: Json): boolean {
  return equalJson(wanted, value) || (wanted === '0' && equalQuantity(wanted, value));
}

/** True for what a Go type leaves out: false, 0, '', an empty list or object. */
export function isZero(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === false || value === 0 || value === '' || value === null;
}

/**
 * True where git's value and live's silence are known to be one: a zero that the Go type, `parent`, leaves out (drift trap
 * 3), or what the server drops beside what is live. `root` is the whole live object.
 */
export function isLeftOut(
  kind: Kind,
  path: FieldPath,
  value: Json,
  schema: SchemaNode | undefined,
  parent: SchemaNode | undefined,
  root: JsonObject,
): boolean {
  if (!isBuiltIn(kind.group)) return false;
  if (isDropped(kind, path, root)) return true;
  if (!isZero(value)) return false;
  if (Array.isArray(value)) return true;
  const last = path.at(-1);
  if (isObject(value)) {
    // An empty map is left out; of structs only some.
    if (schema?.type === 'object' && schema.propertyNames().length === 0) return true;
    return last?.type === 'field' && emptyIsAbsent.has(last.name);
  }
  return last?.type === 'field' && zeroOf(parent?.typeName, last.name) === 'left out';
}

// A Service without session affinity keeps no configuration of it (kubernetes/pkg/apis/core/v1/defaults.go).
function isDropped({group, kind}: Kind, path: FieldPath, root: JsonObject): boolean {
  return (
    group === '' &&
    kind === 'Service' &&
    generalise(path) === 'spec.sessionAffinityConfig' &&
    objectAt(root, 'spec')['sessionAffinity'] === 'None'
  );
}

/**
 * True where git's zero stands for the default that is live: `periodSeconds: 0`, `imagePullPolicy: ''`, `policyTypes: []`
 * (drift trap 3). Only texts, lists, target ports and the numbers of probes: elsewhere zero is a number like others (`replicas: 0`).
 */
export function isStandIn(kind: Kind, path: FieldPath, zero: Json, live: Json, around: Around): boolean {
  const isList = Array.isArray(zero) && zero.length === 0;
  if ((zero !== 0 && zero !== '' && !isList) || !isBuiltIn(kind.group)) return false;
  const text = generalise(path);
  if (
    zero === 0 &&
    !/Probe\.(?:timeout|period)Seconds$|Probe\.(?:success|failure)Threshold$|\.targetPort$/.test(text)
  )
    return false;
  const known = knownDefault(kind, text);
  const wanted = typeof known === 'function' ? known(around) : known;
  return wanted !== undefined && equalDefault(wanted, live);
}

/**
 * Defaults that this server has shown by a dry run. They spare the next objects of a kind their dry run; who asks must
 * have another sign (the last-applied annotation lacks the field), as a default may hang on what stands beside it.
 */
export class DefaultsLearned {
  readonly #known = new Set<string>();

  has(kind: Kind, path: FieldPath, value: Json): boolean {
    return this.#known.has(keyOf(kind, path, value));
  }

  add(kind: Kind, path: FieldPath, value: Json): void {
    this.#known.add(keyOf(kind, path, value));
  }
}

function keyOf(kind: Kind, path: FieldPath, value: Json): string {
  return `${kind.group}/${kind.kind} ${generalise(path)} ${stringifyJson(value)}`;
}
