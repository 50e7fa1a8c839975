import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import {nanoOf} from './quantity.ts';
import type {FieldError} from './status.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];

/** What the server refuses in a pod's spec; `job` for those that must not restart for ever. */
export function validatePodTemplate(spec: JsonObject, path: string, job = false): FieldError[] {
  const errors: FieldError[] = [];
  const containers = listAt(spec, 'containers').filter(isObject);
  if (containers.length === 0) errors.push({type: 'required', field: `${path}.containers`, message: ''});
  const names = new Set<string>();
  for (const [list, items] of [
    ['initContainers', listAt(spec, 'initContainers').filter(isObject)],
    ['containers', containers],
  ] as const) {
    items.forEach((container, index) => {
      errors.push(...validateContainer(container, `${path}.${list}[${index}]`, names));
    });
  }
  const restart = stringAt(spec, 'restartPolicy');
  if (job && restart === 'Always') {
    errors.push({
      type: 'notSupported',
      field: `${path}.restartPolicy`,
      message: '"Always": supported values: "OnFailure", "Never"',
    });
  } else if (!job && path !== 'spec' && restart !== 'Always') {
    errors.push({
      type: 'notSupported',
      field: `${path}.restartPolicy`,
      message: `${JSON.stringify(restart)}: supported values: "Always"`,
    });
  }
  return errors;
}

function validateContainer(container: JsonObject, path: string, names: Set<string>): FieldError[] {
  const errors: FieldError[] = [];
  const name = stringAt(container, 'name') ?? '';
  if (name === '') errors.push({type: 'required', field: `${path}.name`, message: ''});
  else if (!label.test(name)) {
    errors.push({
      type: 'invalid',
      field: `${path}.name`,
      message: `${JSON.stringify(name)}: a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    });
  } else if (names.has(name)) {
    errors.push({type: 'duplicate', field: `${path}.name`, message: JSON.stringify(name)});
  }
  names.add(name);
  if ((stringAt(container, 'image') ?? '') === '')
    errors.push({type: 'required', field: `${path}.image`, message: ''});
  const policy = stringAt(container, 'imagePullPolicy') ?? '';
  if (!pullPolicies.includes(policy)) {
    errors.push({
      type: 'notSupported',
      field: `${path}.imagePullPolicy`,
      message: `${JSON.stringify(policy)}: supported values: ${pullPolicies.map(each => JSON.stringify(each)).join(', ')}`,
    });
  }
  errors.push(...validateResources(objectAt(container, 'resources'), `${path}.resources`));
  listAt(container, 'ports').forEach((port, index) => {
    const number = isObject(port) ? port['containerPort'] : undefined;
    if (number === undefined || number === 0) {
      errors.push({type: 'required', field: `${path}.ports[${index}].containerPort`, message: ''});
    } else if (!isPort(number)) {
      errors.push({
        type: 'invalid',
        field: `${path}.ports[${index}].containerPort`,
        message: `${String(number)}: must be between 1 and 65535, inclusive`,
      });
    }
  });
  return errors;
}

/** No request may be above its limit. */
function validateResources(resources: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const limits = objectAt(resources, 'limits');
  for (const [name, request] of Object.entries(objectAt(resources, 'requests'))) {
    const limit = limits[name];
    if (typeof limit !== 'string' || typeof request !== 'string') continue;
    if ((nanoOf(request) ?? 0n) <= (nanoOf(limit) ?? 0n)) continue;
    const message = `${JSON.stringify(request)}: must be less than or equal to ${name} limit of ${limit}`;
    errors.push({type: 'invalid', field: `${path}.requests`, message});
  }
  return errors;
}

/** What the server accepts in a workload or pod but warns of: variables of one name, of which the last holds. */
export function podWarnings(object: JsonObject): string[] {
  const spec = objectAt(object, 'spec');
  const [pod, path] =
    object['kind'] === 'Pod'
      ? [spec, 'spec']
      : [objectAt(objectAt(spec, 'template'), 'spec'), 'spec.template.spec'];
  const warnings: string[] = [];
  for (const list of ['initContainers', 'containers']) {
    listAt(pod, list).forEach((container, index) => {
      const seen = new Set<string>();
      listAt(container, 'env').forEach((variable, position) => {
        const name = stringAt(variable, 'name') ?? '';
        if (seen.has(name)) {
          warnings.push(
            `${path}.${list}[${index}].env[${position}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
          );
        }
        seen.add(name);
      });
    });
  }
  return warnings;
}

/** What the server refuses in a service. */
export function validateService(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec');
  const errors: FieldError[] = [];
  const ports = listAt(spec, 'ports');
  const type = stringAt(spec, 'type');
  if (ports.length === 0 && type !== 'ExternalName' && spec['clusterIP'] !== 'None') {
    errors.push({type: 'required', field: 'spec.ports', message: ''});
  }
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (type !== undefined && !types.includes(type)) {
    errors.push({
      type: 'notSupported',
      field: 'spec.type',
      message: `${JSON.stringify(type)}: supported values: ${types.map(each => JSON.stringify(each)).join(', ')}`,
    });
  }
  const names = new Set<string>();
  ports.forEach((port, index) => {
    if (!isObject(port)) return;
    const path = `spec.ports[${index}]`;
    const name = stringAt(port, 'name') ?? '';
    if (name === '' && ports.length > 1) errors.push({type: 'required', field: `${path}.name`, message: ''});
    else if (name !== '' && names.has(name)) {
      errors.push({type: 'duplicate', field: `${path}.name`, message: JSON.stringify(name)});
    }
    names.add(name);
    for (const key of ['port', 'targetPort']) {
      const number = port[key];
      if (isPort(number) || typeof number === 'string') continue;
      const message = `${String(number)}: must be between 1 and 65535, inclusive`;
      errors.push({type: 'invalid', field: `${path}.${key}`, message});
    }
  });
  return errors;
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && value <= 65_535;
}
