import type {AdoptPreview, AdoptRequest} from '../../source/app/session.ts';
import {revertPreview} from './fake-data.ts';

/** An adoption of two fields, one of them in an overlay, and of one that stays. */
export function adoptPreview(request: AdoptRequest, more: Partial<AdoptPreview['plan']> = {}): AdoptPreview {
  const {environment} = request;
  const {plan} = revertPreview(environment);
  const id = {group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'checkout-api'};
  return {
    kind: 'adopt',
    request,
    plan: {
      path: `environments/${environment}`,
      base: plan.base,
      baseRef: 'origin/main',
      branch: 'main',
      remote: 'origin',
      files: plan.files,
      patch: plan.patch,
      resultTree: 'tree',
      message: `Adopt 2 fields as they are live in ${environment}\n\nEnvironment: ${environment}\n`,
      trailers: [`Environment: ${environment}`],
      conflicts: [],
      warnings: [],
      adopted: [
        {
          id,
          path: 'spec.replicas',
          git: 3,
          live: 5,
          file: `environments/${environment}/checkout.yaml`,
          line: 9,
          how: 'its manifest',
          overrides: [],
          manager: 'kubectl-scale',
          changedAt: '2026-08-07T10:00:00Z',
          after: 'same',
          note: null,
        },
        {
          id,
          path: 'spec.template.spec.containers[name=api].image',
          git: 'registry.example.com/payments/checkout-api:v1.8.2',
          live: 'registry.example.com/payments/checkout-api:v1.8.0',
          file: `environments/${environment}/kustomization.yaml`,
          line: 12,
          how: 'a new patch',
          overrides: ['development'],
          manager: 'kubectl-edit',
          after: 'same',
          note: null,
        },
      ],
      left: [],
      ...more,
    },
    alsoAffects: [],
    pullRequestBranch: `gitops-tui/adopt-${environment}-5d1e0aa`,
    pushRefused: null,
  };
}
