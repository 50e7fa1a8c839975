import type {JsonObject} from '../../source/resources/json.ts';

/** A definition of as much of a tool's kind as it takes to hold its objects. */
export function definition(group: string, version: string, kind: string): JsonObject {
  const singular = kind.toLowerCase();
  const plural = singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
  const schema = {type: 'object', 'x-kubernetes-preserve-unknown-fields': true};
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${plural}.${group}`},
    spec: {
      group,
      scope: 'Namespaced',
      names: {kind, plural, singular, listKind: `${kind}List`},
      versions: [{name: version, served: true, storage: true, schema: {openAPIV3Schema: schema}}],
    },
  };
}
