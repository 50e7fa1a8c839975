import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  stringifyJson,
} from '../../resources/json.ts';
import type {Resource} from './catalog.ts';
import type {FieldError} from './status.ts';
import {validatePodTemplate, validateService} from './validation-core.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedName =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const subdomainHint =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelHint =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const labelValueHint =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const qualifiedNameHint =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelNames = new Set(['Namespace', 'Service']);
const anyNames = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'Event']);

/** What the server refuses in an object that is otherwise well formed: the rules that people meet. */
export function validate(resource: Resource, object: JsonObject): FieldError[] {
  return [
    ...validateMetadata(resource, objectAt(object, 'metadata')),
    ...(byKind[resource.kind]?.(object) ?? []),
  ];
}

/** What of an object may not change. */
export function validateUpdate(resource: Resource, object: JsonObject, live: JsonObject): FieldError[] {
  const errors: FieldError[] = validateFinalizers(objectAt(object, 'metadata'), objectAt(live, 'metadata'));
  if (resource.kind === 'ConfigMap' || resource.kind === 'Secret')
    errors.push(...validateImmutableData(object, live));
  for (const {path, message} of immutable[`${resource.group}/${resource.kind}`] ?? []) {
    const steps = path.split('.');
    const [now, before] = [at(object, steps), at(live, steps)];
    if (!equalJson(now, before)) {
      const shown = describe(path === 'roleRef' ? withGoNames(now) : now);
      errors.push({type: 'invalid', field: path, message: `${shown}: ${message}`});
    }
  }
  if (resource.kind === 'StatefulSet' && !equalJson(fixedPart(object), fixedPart(live))) {
    errors.push({
      type: 'forbidden',
      field: 'spec',
      message:
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    });
  }
  if (resource.kind === 'Service') errors.push(...validateServiceUpdate(object, live));
  return errors;
}

const fieldIsImmutable = 'field is immutable';
const immutable: Record<string, readonly {path: string; message: string}[]> = {
  'apps/Deployment': [{path: 'spec.selector', message: fieldIsImmutable}],
  'apps/DaemonSet': [{path: 'spec.selector', message: fieldIsImmutable}],
  'apps/ReplicaSet': [{path: 'spec.selector', message: fieldIsImmutable}],
  'batch/Job': [
    {path: 'spec.completions', message: fieldIsImmutable},
    {path: 'spec.selector', message: fieldIsImmutable},
    {path: 'spec.template', message: fieldIsImmutable},
    {path: 'spec.completionMode', message: fieldIsImmutable},
  ],
  'rbac.authorization.k8s.io/RoleBinding': [{path: 'roleRef', message: 'cannot change roleRef'}],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [{path: 'roleRef', message: 'cannot change roleRef'}],
  '/Secret': [{path: 'type', message: fieldIsImmutable}],
};

/** Nothing may hold up a deletion that has begun. The server checks this twice. */
function validateFinalizers(metadata: JsonObject, before: JsonObject): FieldError[] {
  if (before['deletionTimestamp'] === undefined) return [];
  const known = listAt(before, 'finalizers');
  const added = listAt(metadata, 'finalizers').filter(name => !known.includes(name));
  if (added.length === 0) return [];
  const names = added.map(name => JSON.stringify(name)).join(', ');
  const error: FieldError = {
    type: 'forbidden',
    field: 'metadata.finalizers',
    message: `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`,
  };
  return [error, error];
}

function fixedPart(object: JsonObject): JsonObject {
  const free = new Set([
    'replicas',
    'ordinals',
    'template',
    'updateStrategy',
    'revisionHistoryLimit',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
  ]);
  return Object.fromEntries(Object.entries(objectAt(object, 'spec')).filter(([name]) => !free.has(name)));
}

function validateImmutableData(object: JsonObject, live: JsonObject): FieldError[] {
  if (live['immutable'] !== true) return [];
  const errors: FieldError[] = [];
  if (object['immutable'] !== true) {
    errors.push({
      type: 'forbidden',
      field: 'immutable',
      message: 'field is immutable when `immutable` is set',
    });
  }
  for (const name of ['data', 'binaryData']) {
    if (!equalJson(object[name] ?? {}, live[name] ?? {})) {
      errors.push({type: 'forbidden', field: name, message: 'field is immutable when `immutable` is set'});
    }
  }
  return errors;
}

function validateServiceUpdate(object: JsonObject, live: JsonObject): FieldError[] {
  const [now, before] = [objectAt(object, 'spec'), objectAt(live, 'spec')];
  if (now['type'] === 'ExternalName' || before['type'] === 'ExternalName') return [];
  if (equalJson(now['clusterIP'], before['clusterIP'])) return [];
  const message = 'may not change once set';
  return [
    {type: 'invalid', field: 'spec.clusterIPs[0]', message: `${describe(now['clusterIPs'])}: ${message}`},
  ];
}

function validateMetadata(resource: Resource, metadata: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const name = stringAt(metadata, 'name') ?? '';
  if (name === '') {
    errors.push({type: 'required', field: 'metadata.name', message: 'name or generateName is required'});
  } else if (labelNames.has(resource.kind)) {
    if (!label.test(name)) {
      errors.push({
        type: 'invalid',
        field: 'metadata.name',
        message: `${JSON.stringify(name)}: ${labelHint}`,
      });
    }
  } else if (!anyNames.has(resource.kind) && !subdomain.test(name)) {
    errors.push({
      type: 'invalid',
      field: 'metadata.name',
      message: `${JSON.stringify(name)}: ${subdomainHint}`,
    });
  }
  errors.push(...validateLabels(objectAt(metadata, 'labels'), 'metadata.labels'));
  for (const key of Object.keys(objectAt(metadata, 'annotations'))) {
    if (!qualifiedName.test(key.toLowerCase())) {
      errors.push({
        type: 'invalid',
        field: 'metadata.annotations',
        message: `${JSON.stringify(key)}: ${qualifiedNameHint}`,
      });
    }
  }
  return errors;
}

/** Labels: qualified names and short values. */
export function validateLabels(labels: JsonObject, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    if (!qualifiedName.test(key)) {
      errors.push({type: 'invalid', field, message: `${JSON.stringify(key)}: ${qualifiedNameHint}`});
    }
    if (typeof value !== 'string') continue;
    if (value.length > 63) {
      errors.push({
        type: 'invalid',
        field,
        message: `${JSON.stringify(value)}: must be no more than 63 bytes`,
      });
    }
    if (!labelValue.test(value)) {
      errors.push({type: 'invalid', field, message: `${JSON.stringify(value)}: ${labelValueHint}`});
    }
  }
  return errors;
}

const byKind: Record<string, (object: JsonObject) => FieldError[]> = {
  Deployment: validateWorkload,
  StatefulSet: validateWorkload,
  DaemonSet: validateWorkload,
  ReplicaSet: validateWorkload,
  Pod: object => validatePodTemplate(objectAt(object, 'spec'), 'spec'),
  Job: object =>
    validatePodTemplate(
      objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec'),
      'spec.template.spec',
      true,
    ),
  Service: validateService,
  ConfigMap: validateKeys,
  Secret: validateKeys,
};

function validateWorkload(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec');
  const errors: FieldError[] = [];
  if (typeof spec['replicas'] === 'number' && spec['replicas'] < 0) {
    errors.push({
      type: 'invalid',
      field: 'spec.replicas',
      message: `${spec['replicas']}: must be greater than or equal to 0`,
    });
  }
  const selector = spec['selector'];
  const template = objectAt(spec, 'template');
  const labels = objectAt(objectAt(template, 'metadata'), 'labels');
  const shown = Object.keys(labels).length === 0 ? 'null' : stringifyJson(labels);
  const mismatch: FieldError = {
    type: 'invalid',
    field: 'spec.template.metadata.labels',
    message: `${shown}: \`selector\` does not match template \`labels\``,
  };
  if (!isObject(selector)) {
    errors.push({type: 'required', field: 'spec.selector', message: ''});
    if (object['kind'] === 'Deployment') errors.push(mismatch);
  } else {
    const wanted = Object.entries(objectAt(selector, 'matchLabels'));
    if (wanted.length === 0 && listAt(selector, 'matchExpressions').length === 0) {
      const message = `{}: empty selector is invalid for ${String(object['kind']).toLowerCase()}`;
      errors.push({type: 'invalid', field: 'spec.selector', message});
    }
    if (wanted.some(([key, value]) => labels[key] !== value)) errors.push(mismatch);
  }
  return [...errors, ...validatePodTemplate(objectAt(template, 'spec'), 'spec.template.spec')];
}

function validateKeys(object: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['data', 'binaryData']) {
    for (const key of Object.keys(objectAt(object, name))) {
      if (/^[-._a-zA-Z0-9]+$/.test(key)) continue;
      errors.push({
        type: 'invalid',
        field: `${name}[${key}]`,
        message: `${JSON.stringify(key)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      });
    }
  }
  return errors;
}

function at(object: JsonObject, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const step of steps) value = isObject(value) ? value[step] : undefined;
  return value;
}

/** The server tells this one by its Go names. */
function withGoNames(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const {apiGroup = '', kind = '', name = ''} = value;
  return {APIGroup: apiGroup, Kind: kind, Name: name};
}

function describe(value: Json | undefined): string {
  return value === undefined ? 'null' : stringifyJson(value);
}
