import type {TestContext} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Json, type JsonObject, stringifyJson} from '../../../source/resources/json.ts';
import {cleanUp, type Scenario} from './scenario.ts';

/** The path of the container that `deployment` makes. */
export const container = 'spec.template.spec.containers[name=web]';

export interface DeploymentParts {
  name?: string;
  container?: JsonObject;
  pod?: JsonObject;
  template?: JsonObject;
  spec?: JsonObject;
  metadata?: JsonObject;
}

/** A deployment with one container `web`; each part overrides what it names. */
export function deployment(parts: DeploymentParts = {}): string {
  const name = parts.name ?? 'web';
  return text({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, labels: {app: name}, ...parts.metadata},
    spec: {
      selector: {matchLabels: {app: name}},
      ...parts.spec,
      template: {
        metadata: {labels: {app: name}},
        ...parts.template,
        spec: {
          ...parts.pod,
          containers: [
            {name: 'web', image: 'registry.example.com/web:1.0', ...parts.container},
            ...((parts.pod?.['containers'] as Json[] | undefined) ?? []),
          ],
        },
      },
    },
  });
}

/** A ConfigMap; JSON, which is YAML too. */
export function configMap(name: string, data: JsonObject, metadata: JsonObject = {}): string {
  return text({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, ...metadata}, data});
}

/** Objects as documents of one file. */
export function text(...objects: JsonObject[]): string {
  return documents(...objects.map(object => `${stringifyJson(object, 2)}\n`));
}

/** Texts as documents of one file. */
export function documents(...texts: string[]): string {
  // kubectl reads what starts with a brace as JSON, which knows no separator.
  return texts.length === 1 ? texts.join('') : texts.map(document => `---\n${document}`).join('');
}

/** A custom kind: `schema` is that of `spec`. Its group is the scenario's own. */
export interface CustomKind {
  kind: string;
  plural: string;
  schema: JsonObject;
  scope?: 'Namespaced' | 'Cluster';
  versions?: readonly string[];
  /** Properties beside `spec`. */
  properties?: JsonObject;
  status?: boolean;
}

/** The API group of the scenario's custom kinds. */
export function groupOf({namespace}: {namespace: string}): string {
  return `${namespace}.example.com`;
}

/** The CustomResourceDefinition of a kind in a scenario's group. */
export function definition(place: {namespace: string}, custom: CustomKind): JsonObject {
  const group = groupOf(place);
  const {kind, plural, schema, scope = 'Namespaced', versions = ['v1'], properties = {}} = custom;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${plural}.${group}`},
    spec: {
      group,
      scope,
      names: {kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List`},
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === versions.length - 1,
        ...(custom.status === true ? {subresources: {status: {}}} : {}),
        schema: {openAPIV3Schema: {type: 'object', properties: {spec: schema, ...properties}}},
      })),
    },
  };
}

/** Creates a custom kind in the cluster and waits until it is served and its schema published. */
export async function define(t: TestContext, scene: Scenario, custom: CustomKind): Promise<void> {
  const object = definition(scene, custom);
  const group = groupOf(scene);
  cleanUp(t, scene, 'crd', `${custom.plural}.${group}`);
  await scene.feed(stringifyJson(object), 'create', '-f', '-');
  await scene.kubectl('wait', '--for=condition=Established', `crd/${custom.plural}.${group}`);
  const version = (custom.versions ?? ['v1'])[0];
  for (let attempt = 0; ; attempt++) {
    try {
      const schema = await scene.kubectl('get', '--raw', `/openapi/v3/apis/${group}/${version}`);
      if (schema.includes(`"kind":"${custom.kind}"`)) return;
    } catch (error) {
      if (attempt > 100) throw error;
    }
    await sleep(50);
  }
}

/** An object of a custom kind. */
export function custom(place: {namespace: string}, kind: string, spec: Json, rest: JsonObject = {}): string {
  const {name = 'one', version = 'v1', ...others} = rest;
  return text({
    apiVersion: `${groupOf(place)}/${String(version)}`,
    kind,
    metadata: {name},
    ...(spec === null ? {} : {spec}),
    ...others,
  });
}
