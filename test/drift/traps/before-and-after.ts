import {container, deployment} from './manifests.ts';

/** A deployment with most of what a team sets. */
export const full = deployment({
  metadata: {labels: {app: 'web', team: 'shop'}, annotations: {'example.com/contact': 'ada'}},
  spec: {minReadySeconds: 5, replicas: 2},
  template: {metadata: {labels: {app: 'web'}, annotations: {scrape: 'true'}}},
  pod: {
    nodeSelector: {disk: 'ssd', zone: 'a'},
    tolerations: [{key: 'spot', operator: 'Exists'}],
    terminationGracePeriodSeconds: 60,
    volumes: [{name: 'scratch', emptyDir: {}}],
    containers: [{name: 'side', image: 'side:1'}],
  },
  container: {
    args: ['--verbose'],
    env: [
      {name: 'A', value: '1'},
      {name: 'B', value: '2'},
    ],
    ports: [{containerPort: 80}, {containerPort: 81}],
    livenessProbe: {httpGet: {path: '/', port: 80}, failureThreshold: 7},
    resources: {limits: {cpu: '1', memory: '1Gi'}},
    securityContext: {runAsNonRoot: true},
  },
});

/** The same after git has given up most of it. */
export const less = deployment({
  spec: {replicas: 2},
  pod: {nodeSelector: {disk: 'ssd'}},
  container: {
    env: [{name: 'A', value: '1'}],
    ports: [{containerPort: 80}],
    resources: {limits: {cpu: '1'}},
  },
});

/** What is left of `full` where git says `less`. */
export const left = {
  'metadata.labels.team': 'added',
  'metadata.annotations["example.com/contact"]': 'added',
  'spec.minReadySeconds': 'added',
  'spec.template.metadata.annotations.scrape': 'added',
  // Atomic by its schema.
  'spec.template.spec.nodeSelector': 'changed',
  'spec.template.spec.tolerations': 'added',
  'spec.template.spec.terminationGracePeriodSeconds': 'added',
  'spec.template.spec.volumes[name=scratch]': 'added',
  'spec.template.spec.containers[name=side]': 'added',
  [`${container}.args`]: 'added',
  [`${container}.env[name=B]`]: 'added',
  [`${container}.ports[containerPort=81,protocol=TCP]`]: 'added',
  [`${container}.livenessProbe`]: 'added',
  [`${container}.resources.limits.memory`]: 'added',
  [`${container}.securityContext`]: 'added',
} as const;
