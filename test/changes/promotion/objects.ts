import type {OwnNames} from '../../../source/changes/promotion/pairing.ts';
import type {JsonObject} from '../../../source/resources/json.ts';
import {resourcesOf} from '../../../source/sources/manifests.ts';
import type {DesiredResource} from '../../../source/sources/types.ts';
import {readYaml} from '../../../source/sources/yaml.ts';

/** The resources of a file of manifests. */
export function resources(text: string, file = 'app.yaml'): DesiredResource[] {
  return readYaml(text, file).documents.flatMap(document => resourcesOf(document).resources);
}

/** What is an environment's own, where nothing is but its name. */
export function names(environment: string, own: Partial<OwnNames> = {}): OwnNames {
  return {environment, namespaces: [], prefix: '', suffix: '', ...own};
}

/** A Deployment with one container. */
export function deployment(
  name: string,
  image: string,
  more: {namespace?: string; replicas?: number} = {},
): string {
  const {namespace, replicas = 1} = more;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}${namespace === undefined ? '' : `\n  namespace: ${namespace}`}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app
          image: ${image}
`;
}

/** Documents of a file. */
export function together(...documents: readonly string[]): string {
  return documents.join('---\n');
}

/** A value that the tests know to be an object. */
export function object(text: string): JsonObject {
  const [resource] = resources(text);
  if (resource === undefined) throw new Error('no resource in this text');
  return resource.object;
}
