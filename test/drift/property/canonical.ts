import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  stringifyJson,
} from '../../../source/resources/json.ts';

const ofServer = new Set([
  'clusterIP',
  'clusterIPs',
  'healthCheckNodePort',
  'ipFamilies',
  'ipFamilyPolicy',
  'nodePort',
  'volumeName',
]);
const uids = /controller-uid|job-name|kubectl\.kubernetes\.io|deprecated\.daemonset/;
/** Lists that the schemas of these kinds call maps or sets; the order of initContainers means something. */
const unordered = new Set([
  'env',
  'ports',
  'containers',
  'volumes',
  'volumeMounts',
  'imagePullSecrets',
  'tags',
  'items',
  'metrics',
]);
/** The one field whose schema says that null is a value. */
const nullable = 'maybe';
const suffixes: Record<string, number> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

const wholePer15Seconds = {type: 'Percent', value: 100, periodSeconds: 15};
const defaultBehavior: JsonObject = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{type: 'Pods', value: 4, periodSeconds: 15}, wholePer15Seconds],
  },
  scaleDown: {selectPolicy: 'Max', policies: [wholePer15Seconds]},
};

/**
 * What an object means, as text: two that mean the same to Kubernetes are the same here. It is written without
 * source/drift, which it judges.
 */
export function canonical(object: JsonObject): string {
  const {metadata: _metadata, status: _status, ...rest} = object;
  const metadata = objectAt(object, 'metadata');
  const meant: JsonObject = {
    ...rest,
    labels: objectAt(metadata, 'labels'),
    annotations: objectAt(metadata, 'annotations'),
  };
  // An autoscaler without behavior behaves like this; of a null the server makes it.
  if (equalJson(objectAt(meant['spec'], 'behavior'), defaultBehavior)) {
    meant['spec'] = {...objectAt(object, 'spec'), behavior: null};
  }
  if (object['kind'] === 'Job') meant['spec'] = {...objectAt(object, 'spec'), selector: null};
  const isBuiltIn = !String(object['apiVersion']).includes('example.com');
  // Of these every list is atomic.
  const isAtomic = object['kind'] === 'NetworkPolicy' || object['kind'] === 'Blob';
  const rules = {sorts: !isAtomic, dropsEmpty: isBuiltIn};
  return stringifyJson(plain(meant, '', '', rules), 2);
}

interface Rules {
  /** Whether the order of what the schemas call maps and sets means nothing. */
  sorts: boolean;
  /** Whether an empty struct of the object or its spec is none: in custom resources it is a value. */
  dropsEmpty: boolean;
}

function plain(value: Json, key: string, above: string, rules: Rules): Json {
  if (Array.isArray(value)) {
    const items = value.map(item => plain(item, '', key, rules));
    if (!rules.sorts || !unordered.has(key)) return items;
    return items.map(item => stringifyJson(item)).sort();
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
      .filter(([name]) => !ofServer.has(name) && !uids.test(name) && name !== 'creationTimestamp')
      .map(([name, item]): [string, Json] => [name, plain(item, name, key, rules)])
      .filter(
        ([name, item]) =>
          (item !== null || name === nullable) && !(isEmpty(item) && above === '' && rules.dropsEmpty),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  }
  const isAmount =
    above === 'limits' || above === 'requests' || key === 'sizeLimit' || key === 'averageValue';
  const [, digits, suffix = ''] = isAmount ? (/^([\d.]+)([A-Za-z]*)$/.exec(String(value)) ?? []) : [];
  const factor = suffixes[suffix];
  return digits === undefined || factor === undefined ? value : Number(digits) * factor;
}

/**
 * What git says, with its nulls taken out: they mean absent (drift trap 4). Where live has a zero, the server made that of
 * the null, and it is kept.
 */
export function withKeptZeros(git: Json, live: Json | undefined): Json {
  if (git === null) return live === '' ? live : null;
  if (Array.isArray(git)) return git.map(item => withKeptZeros(item, undefined));
  if (!isObject(git)) return git;
  const there = isObject(live) ? live : {};
  return Object.fromEntries(
    Object.entries(git)
      .map(([key, value]): [string, Json] => [
        key,
        key === nullable ? value : withKeptZeros(value, there[key]),
      ])
      .filter(([key, value]) => value !== null || key === nullable),
  );
}

/**
 * A live object with the default that somebody took out and no apply brings back: the server fills in how a StatefulSet
 * rolls only with its type (kubernetes/pkg/apis/apps/v1/defaults.go), and without it the partition is 0 all the same.
 */
export function withLostDefault(live: JsonObject, git: JsonObject): JsonObject {
  const spec = objectAt(live, 'spec');
  const isLost =
    live['kind'] === 'StatefulSet' &&
    equalJson(objectAt(spec, 'updateStrategy'), {type: 'RollingUpdate'}) &&
    isEmpty(objectAt(objectAt(git, 'spec'), 'updateStrategy'));
  if (!isLost) return live;
  return {...live, spec: {...spec, updateStrategy: {type: 'RollingUpdate', rollingUpdate: {partition: 0}}}};
}

function isEmpty(value: Json): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
