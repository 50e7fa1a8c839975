import type {EnvironmentReport} from '../../source/drift/types.ts';
import {report, resource, resources} from './fake-data.ts';

const kinds = ['Deployment', 'ConfigMap', 'Service', 'CronJob', 'ServiceAccount', 'NetworkPolicy'];
const words = [
  'checkout',
  'ledger',
  'mail',
  'search',
  'image-proxy',
  'auth',
  'billing',
  'feature-flags',
  'geo',
  'audit',
];

/** A report of so many drifted objects, twenty to a namespace; names, fields and diffs are of many kinds, as real ones are. */
export function manyRows(environment: string, count: number): EnvironmentReport {
  const fields = resources()[0]?.fields ?? [];
  const drifted = Array.from({length: count}, (_, index) => {
    const pick = <Item>(items: readonly Item[], step: number): Item =>
      items[(index * step) % items.length] as Item;
    const name = `${pick(words, 7)}-${pick(words, 3)}-${index}`;
    const spec = {replicas: index % 7, image: `registry.example/${name}:v1.${index % 10}.${index % 3}`};
    const metadata = {name, labels: {app: name, team: pick(words, 9)}};
    const desired = {apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec};
    return resource(pick(kinds, 5), `team-${Math.floor(index / 20)}`, name, {
      status: 'Modified',
      fields: fields.slice(0, (index % 3) + 1),
      desired,
      live: {
        ...desired,
        spec: {...spec, replicas: (index % 7) + 1, image: `registry.example/${name}:${index}`},
      },
    });
  });
  const summary = {synced: 0, modified: count, missing: 0, extra: 0, unknown: 0};
  return report(environment, {summary, resources: drifted});
}
