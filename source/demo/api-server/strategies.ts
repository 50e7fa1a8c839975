import {createHash} from 'node:crypto';
import {fields} from '../../resources/field-path.ts';
import {FieldSet} from '../../resources/field-set.ts';
import {equalJson, isObject, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Resource} from './catalog.ts';
import {templateGeneration} from './defaults.ts';

/** What of the server's state some kinds need when they are written. */
export interface Allocator {
  /** A free cluster IP. */
  clusterIp(): string;
  /** A free port for nodes. */
  nodePort(): number;
}

/** Parts of an object that a write to it or to one of its subresources can't change, and nobody owns by it. */
export function resetFields(resource: Resource, subresource: string): FieldSet {
  if (subresource === 'status') {
    if (resource.versions[0]?.type === undefined) return FieldSet.of([fields('metadata'), fields('spec')]);
    return resource.kind === 'Deployment'
      ? FieldSet.of([fields('spec'), fields('metadata', 'labels')])
      : FieldSet.of([fields('spec')]);
  }
  return resource.hasStatus ? FieldSet.of([fields('status')]) : FieldSet.empty;
}

/** Makes an object ready to be stored for the first time: no status, first generation, what the server assigns. */
export function prepareForCreate(resource: Resource, object: JsonObject, allocator: Allocator): JsonObject {
  const metadata = {...objectAt(object, 'metadata')};
  if (resource.hasGeneration) metadata['generation'] = 1;
  else delete metadata['generation'];
  const prepared: JsonObject = {...object, metadata};
  if (resource.hasStatus) {
    if (resource.versions[0]?.type === undefined) delete prepared['status'];
    else prepared['status'] = {};
  }
  switch (resource.kind) {
    case 'Namespace':
      prepared['spec'] = {
        finalizers: [...new Set([...listAt(objectAt(object, 'spec'), 'finalizers'), 'kubernetes'])],
      };
      prepared['status'] = {phase: 'Active'};
      break;
    case 'PersistentVolumeClaim': {
      prepared['status'] = {phase: 'Pending'};
      const finalizers = listAt(metadata, 'finalizers');
      metadata['finalizers'] = [...finalizers, 'kubernetes.io/pvc-protection'];
      break;
    }
    case 'Pod':
      prepared['status'] = {phase: 'Pending', qosClass: qosClass(objectAt(object, 'spec'))};
      prepared['spec'] = {
        ...objectAt(object, 'spec'),
        ...podAdmission(objectAt(object, 'spec')),
      };
      break;
    case 'Service':
      prepared['spec'] = allocate(objectAt(object, 'spec'), undefined, allocator);
      break;
    case 'DaemonSet':
      metadata['annotations'] = {...objectAt(metadata, 'annotations'), [templateGeneration]: '1'};
      break;
    case 'CustomResourceDefinition':
      prepared['status'] = {storedVersions: storedVersions(objectAt(object, 'spec'))};
      break;
    case 'Job':
      Object.assign(prepared, jobSelector(prepared));
      break;
    default:
  }
  return prepared;
}

/** Makes a changed object ready: what this endpoint can't change comes from live, and a new spec is a new generation. */
export function prepareForUpdate(
  resource: Resource,
  subresource: string,
  object: JsonObject,
  live: JsonObject,
  allocator: Allocator,
): JsonObject {
  const builtIn = resource.versions[0]?.type !== undefined;
  const metadata = {...objectAt(object, 'metadata')};
  const before = objectAt(live, 'metadata');
  const prepared: JsonObject = {...object, metadata};
  if (subresource === 'status') {
    if (builtIn) {
      restore(prepared, live, 'spec');
      if (resource.kind === 'Deployment') restore(metadata, before, 'labels');
    } else {
      for (const name of Object.keys(prepared)) {
        if (name !== 'status' && name !== 'metadata') restore(prepared, live, name);
      }
      const {managedFields} = metadata;
      prepared['metadata'] = {...before, ...(managedFields === undefined ? {} : {managedFields})};
    }
    return prepared;
  }
  if (resource.hasStatus) restore(prepared, live, 'status');
  if (resource.kind === 'Namespace') restore(prepared, live, 'spec');
  if (resource.kind === 'Service') {
    prepared['spec'] = allocate(objectAt(prepared, 'spec'), objectAt(live, 'spec'), allocator);
  }
  if (resource.kind === 'DaemonSet') {
    const count = Number(objectAt(before, 'annotations')[templateGeneration] ?? 0);
    const isNew = !equalJson(objectAt(prepared, 'spec')['template'], objectAt(live, 'spec')['template']);
    const annotations = objectAt(metadata, 'annotations');
    metadata['annotations'] = {...annotations, [templateGeneration]: String(isNew ? count + 1 : count)};
  }
  restore(metadata, before, 'generation');
  if (resource.hasGeneration && isNewGeneration(resource, prepared, live)) {
    metadata['generation'] = Number(before['generation'] ?? 0) + 1;
  }
  return prepared;
}

function isNewGeneration(resource: Resource, object: JsonObject, live: JsonObject): boolean {
  if (resource.versions[0]?.type === undefined) {
    const content = ({metadata: _m, status: _s, ...rest}: JsonObject) => rest;
    return resource.hasStatus
      ? !equalJson(content(object), content(live))
      : !equalJson({...object, metadata: {}}, {...live, metadata: {}});
  }
  if (!equalJson(object['spec'], live['spec'])) return true;
  // A deployment's annotations go to its replica sets.
  return (
    resource.kind === 'Deployment' &&
    !equalJson(
      objectAt(objectAt(object, 'metadata'), 'annotations'),
      objectAt(objectAt(live, 'metadata'), 'annotations'),
    )
  );
}

function restore(object: JsonObject, live: JsonObject, name: string): void {
  const value = live[name];
  if (value === undefined) delete object[name];
  else object[name] = value;
}

/** Addresses and node ports of a service; an update that leaves them out keeps them. */
function allocate(spec: JsonObject, before: JsonObject | undefined, allocator: Allocator): JsonObject {
  const result: JsonObject = {...spec};
  const type = stringAt(spec, 'type');
  if (type === 'ExternalName') {
    for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete result[name];
    return result;
  }
  if (before !== undefined) {
    // Who changes the one address means the first of the list.
    if (
      !equalJson(result['clusterIP'], before['clusterIP']) &&
      equalJson(result['clusterIPs'], before['clusterIPs'])
    ) {
      delete result['clusterIPs'];
    }
    if (result['clusterIP'] !== undefined) result['clusterIPs'] ??= [result['clusterIP']];
    for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
      if (result[name] === undefined && before[name] !== undefined) result[name] = before[name];
    }
  }
  if (result['clusterIP'] === undefined || result['clusterIP'] === '')
    result['clusterIP'] = allocator.clusterIp();
  result['clusterIPs'] ??= [result['clusterIP']];
  result['ipFamilies'] ??= ['IPv4'];
  result['ipFamilyPolicy'] ??= 'SingleStack';
  const exposed =
    type === 'NodePort' || (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
  const known = new Map(listAt(before, 'ports').map(port => [portKey(port), port]));
  result['ports'] = listAt(spec, 'ports').map(port => {
    if (!isObject(port) || !exposed || typeof port['nodePort'] === 'number') return port;
    const earlier = known.get(portKey(port));
    const nodePort = isObject(earlier) ? earlier['nodePort'] : undefined;
    return {...port, nodePort: nodePort ?? allocator.nodePort()};
  });
  if (listAt(result, 'ports').length === 0) delete result['ports'];
  return result;
}

function portKey(port: unknown): string {
  return isObject(port) ? `${String(port['port'])}/${String(port['protocol'])}` : '';
}

/** The version that a definition's objects are stored at. */
function storedVersions(spec: JsonObject): string[] {
  return listAt(spec, 'versions')
    .filter(version => isObject(version) && version['storage'] === true)
    .map(version => stringAt(version, 'name') ?? '');
}

// What the default admission plugins add to pods: DefaultTolerationSeconds and Priority.
function podAdmission(spec: JsonObject): JsonObject {
  const tolerations = [...listAt(spec, 'tolerations')];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const covered = tolerations.some(
      item =>
        (stringAt(item, 'key') === key || (stringAt(item, 'key') ?? '') === '') &&
        ['NoExecute', ''].includes(stringAt(item, 'effect') ?? ''),
    );
    if (!covered) tolerations.push({key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300});
  }
  return {
    tolerations,
    priority: spec['priority'] ?? 0,
    preemptionPolicy: spec['preemptionPolicy'] ?? 'PreemptLowerPriority',
  };
}

/** The quality of service that a pod's requests and limits give it. */
function qosClass(spec: JsonObject): string {
  const containers = [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')];
  let guaranteed = true;
  let any = false;
  for (const container of containers) {
    const resources = objectAt(container, 'resources');
    const [limits, requests] = [objectAt(resources, 'limits'), objectAt(resources, 'requests')];
    for (const name of ['cpu', 'memory']) {
      if (limits[name] !== undefined || requests[name] !== undefined) any = true;
      if (limits[name] === undefined || !equalJson(limits[name], requests[name])) guaranteed = false;
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}

/** A job finds its pods by labels that the server makes of its uid. */
function jobSelector(job: JsonObject): JsonObject {
  const spec = objectAt(job, 'spec');
  if (spec['manualSelector'] === true) return job;
  const metadata = objectAt(job, 'metadata');
  const uid = stringAt(metadata, 'uid') ?? '';
  const name = stringAt(metadata, 'name') ?? '';
  const label = name.length <= 63 ? name : createHash('sha256').update(name).digest('hex').slice(0, 63);
  const template = objectAt(spec, 'template');
  const templateMetadata = objectAt(template, 'metadata');
  const generated = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': label,
    'controller-uid': uid,
    'job-name': label,
  };
  // Labels that the job took from its template are one map with the template's in the real server.
  const shared =
    equalJson(metadata['labels'], templateMetadata['labels']) && metadata['labels'] !== undefined;
  return {
    ...job,
    metadata: shared ? {...metadata, labels: {...objectAt(metadata, 'labels'), ...generated}} : metadata,
    spec: {
      ...spec,
      selector: {matchLabels: {'batch.kubernetes.io/controller-uid': uid}},
      template: {
        ...template,
        metadata: {
          ...templateMetadata,
          labels: {...objectAt(templateMetadata, 'labels'), ...generated},
        },
      },
    },
  };
}
