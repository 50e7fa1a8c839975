import assert from 'node:assert/strict';
import {test} from 'node:test';
import {load} from 'js-yaml';
import type {ResourceDrift} from '../../source/drift/types.ts';
import {
  isObject,
  type JsonObject,
  objectAt,
  parseJson,
  stringAt,
  stringifyJson,
} from '../../source/resources/json.ts';
import type {Cluster} from '../cluster/cluster.ts';
import {useCluster} from '../cluster/shared.ts';
import {Server, type Ways} from './ask-server.ts';

/** A namespace of a real server, and what a scenario does in it. */
export class Bench {
  readonly cluster: Cluster;
  readonly server: Server;
  readonly namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.server = new Server(cluster);
  }

  /** kubectl in the namespace, with the object as its input. Arguments are parted by spaces. */
  kubectl(args: string, object?: JsonObject): Promise<string> {
    const options = object === undefined ? {} : {input: stringifyJson(object)};
    return this.cluster.kubectl(['-n', this.namespace, ...args.split(' ')], options);
  }

  /** Server-side apply, as any applier of git may do it. */
  apply(object: JsonObject, manager = 'kubectl'): Promise<string> {
    return this.kubectl(`apply --server-side --field-manager=${manager} -f -`, object);
  }

  /** A merge patch by hand. */
  patch(what: string, patch: string, manager = 'kubectl-edit'): Promise<string> {
    return this.kubectl(`patch ${what} --type=merge --field-manager=${manager} -p ${patch}`);
  }

  judge(object: JsonObject, ways?: Ways): Promise<ResourceDrift> {
    const metadata = {...objectAt(object, 'metadata'), namespace: this.namespace};
    return this.server.judge({...object, metadata}, ways);
  }
}

/** A test with a namespace of its own on the shared cluster. */
export function scenario(name: string, run: (bench: Bench) => Promise<void>): void {
  test(name, async t => {
    const cluster = await useCluster(t);
    if (cluster !== undefined) await run(new Bench(cluster, await cluster.namespace('drift')));
  });
}

/** An object from YAML, as JSON. */
export function yaml(text: string): JsonObject {
  const object = parseJson(stringifyJson(load(text) as JsonObject));
  assert.ok(isObject(object));
  return object;
}

/** A Deployment `web`, with more of its spec, its pod spec and its container. */
export function deployment(more: {spec?: string; pod?: string; container?: string} = {}): JsonObject {
  return yaml(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  ${more.spec ?? ''}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      ${more.pod ?? ''}
      containers:
        - name: web
          image: web:1
          ${more.container ?? ''}
`);
}

/** What a verdict says: the status, then each field with its change and manager, by path. */
export function told(drift: ResourceDrift): string[] {
  const fields = drift.fields.map(({path, change, manager}) =>
    manager === undefined ? `${change} ${path}` : `${change} ${path} by ${manager}`,
  );
  return [drift.status, ...fields.sort()];
}

/** The path for messages: `Deployment/web`, with the reason of an Unknown and the notes. */
export function inWords(drift: ResourceDrift): string {
  return `${drift.id.kind}/${drift.id.name}: ${[drift.error ?? '', ...drift.notes].join('; ')}`;
}

/** The name that an object states. */
export function nameOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'name') ?? '';
}
