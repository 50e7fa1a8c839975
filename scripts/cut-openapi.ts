// Cuts a real kube-apiserver's OpenAPI v3 and discovery down to the kinds that the embedded API server serves, and notes
// how the Go types behind the schemas write their fields. Run it after an update of test/cluster's Kubernetes:
//   node --import tsx scripts/cut-openapi.ts
// Kubernetes' API definitions are under the Apache License 2.0, and so is the file made here.
import {readdirSync, readFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../source/resources/json.ts';
import {ask} from '../test/cluster/api.ts';
import {startCluster} from '../test/cluster/start.ts';
import {numbersOf, readGoTypes, shapeOf} from './go-types.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, 'source/demo/api-server/kubernetes.json');

/** Group and version to the plural names that are served. */
const served: Record<string, string[]> = {
  v1: [
    'namespaces',
    'configmaps',
    'secrets',
    'services',
    'serviceaccounts',
    'pods',
    'persistentvolumeclaims',
    'events',
  ],
  'apps/v1': ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
  'batch/v1': ['jobs', 'cronjobs'],
  'networking.k8s.io/v1': ['ingresses', 'networkpolicies'],
  'autoscaling/v2': ['horizontalpodautoscalers'],
  'policy/v1': ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io/v1': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  'apiextensions.k8s.io/v1': ['customresourcedefinitions'],
  'authorization.k8s.io/v1': ['selfsubjectaccessreviews'],
  'authentication.k8s.io/v1': ['selfsubjectreviews'],
};
/** `pods/exec`, `namespaces/finalize` and their like are not. */
const servedSubresources = new Set(['status', 'scale']);

const cluster = await startCluster();
try {
  const access = {url: cluster.url, ca: readFileSync(cluster.caFile, 'utf8'), token: cluster.adminToken};
  const get = async (url: string): Promise<Json> => {
    const answer = await ask(access, 'GET', url);
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
    return (typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.body) as Json;
  };

  const goTypes = readGoTypes(moduleFolder);
  const schemas: JsonObject = {};
  const shapes: JsonObject = {};
  const numbers: JsonObject = {};
  const resources: Json[] = [];
  for (const [groupVersion, names] of Object.entries(served)) {
    const base = groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`;
    const list = listAt(await get(`/${base}`), 'resources').filter(isObject);
    const all = objectAt(objectAt(await get(`/openapi/v3/${base}`), 'components'), 'schemas');
    for (const name of names) {
      const resource = list.find(item => item['name'] === name);
      if (resource === undefined) throw new Error(`${groupVersion} has no ${name}`);
      const subresources = list.filter(item => {
        const [parent, subresource] = (stringAt(item, 'name') ?? '').split('/');
        return parent === name && servedSubresources.has(subresource ?? '');
      });
      resources.push({...resource, groupVersion, subresources});
      const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
      keep(all, rootOf(all, group ?? '', version ?? '', stringAt(resource, 'kind') ?? ''), schemas);
      if (subresources.some(item => item['kind'] === 'Scale')) {
        keep(all, rootOf(all, 'autoscaling', 'v1', 'Scale'), schemas);
      }
    }
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const shape = shapeOf(goTypes, name, Object.keys(objectAt(schema, 'properties')));
    if (shape !== undefined) shapes[name] = shape;
    const numbered = numbersOf(goTypes, name);
    if (numbered !== undefined) numbers[name] = numbered;
  }
  const made = {
    source: `Kubernetes ${stringAt(await get('/version'), 'gitVersion')}, Apache License 2.0`,
    version: await get('/version'),
    resources,
    schemas: sorted(schemas),
    shapes: sorted(shapes),
    numbers: sorted(numbers),
  };
  const text = `${JSON.stringify(made)}\n`;
  await writeFile(target, text);
  process.stdout.write(`${target}: ${text.length} bytes, ${Object.keys(schemas).length} schemas\n`);
} finally {
  await cluster.stop();
}

function rootOf(all: JsonObject, group: string, version: string, kind: string): string {
  for (const [name, schema] of Object.entries(all)) {
    const found = listAt(schema, 'x-kubernetes-group-version-kind').some(
      gvk =>
        stringAt(gvk, 'group') === group &&
        stringAt(gvk, 'version') === version &&
        stringAt(gvk, 'kind') === kind,
    );
    if (found) return name;
  }
  throw new Error(`no schema of ${group}/${version} ${kind}`);
}

/** Takes over a schema and all that it refers to. */
function keep(all: JsonObject, name: string, kept: JsonObject): void {
  if (kept[name] !== undefined) return;
  const schema = all[name];
  if (schema === undefined) throw new Error(`no schema ${name}`);
  const bare = strip(schema);
  kept[name] = bare;
  for (const reference of JSON.stringify(bare).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (reference[1] !== undefined) keep(all, reference[1], kept);
  }
}

/** Without descriptions and what only strategic merge patch reads. Properties may be called `description`: they stay. */
function strip(value: Json): Json {
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'properties' && isObject(item)) {
      result[key] = Object.fromEntries(Object.entries(item).map(([name, schema]) => [name, strip(schema)]));
    } else if (key === 'description' && typeof item === 'string') {
    } else if (key !== 'x-kubernetes-patch-strategy' && key !== 'x-kubernetes-patch-merge-key') {
      result[key] = key === 'default' || key === 'enum' ? item : strip(item);
    }
  }
  return result;
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The sources of a package of the Kubernetes modules, as test/cluster's build has fetched them. */
function moduleFolder(module: string): string {
  const cache = process.env['GOMODCACHE'] ?? path.join(process.env['HOME'] ?? '', 'go/pkg/mod');
  const version = /k8s\.io\/component-base (v\S+)/.exec(
    readFileSync(path.join(root, 'test/cluster/go.mod'), 'utf8'),
  )?.[1];
  const folder = path.join(cache, `${module}@${version}`);
  readdirSync(folder);
  return folder;
}
