import type {JournalEntry} from '../../source/app/session.ts';
import {noon} from './fake-data.ts';

const cluster = {kind: 'request', to: 'cluster', context: 'eks-prod-eu'} as const;
const api = 'https://10.0.0.1:6443';
const deployments = `${api}/apis/apps/v1/namespaces/payments/deployments`;

function of(id: number, more: Pick<JournalEntry, 'errand'> & Partial<JournalEntry>): JournalEntry {
  const startedAt = noon - 60_000 + id * 1000;
  return {
    id,
    question: 'inspect production',
    startedAt,
    tookMs: 12.4,
    outcome: 'ok',
    says: '200',
    bytes: 0,
    ...more,
  };
}

/** What a session ran: programs and requests, well, refused, failed and still running. */
export const journalEntries: readonly JournalEntry[] = [
  of(1, {
    question: 'load',
    errand: {kind: 'program', file: 'git', args: ['rev-parse', '--show-toplevel'], cwd: '/src/infra live'},
    says: 'exit 0',
    bytes: 21,
  }),
  of(2, {errand: {...cluster, method: 'GET', url: `${deployments}?limit=500`}, tookMs: 84.2, bytes: 48_211}),
  of(3, {
    errand: {
      ...cluster,
      method: 'PATCH',
      url: `${deployments}/checkout-api?dryRun=All&fieldManager=gitops-tui`,
    },
    outcome: 'refused',
    says: '403',
    bytes: 312,
  }),
  of(4, {
    question: 'images of production',
    errand: {
      kind: 'request',
      to: 'registry',
      method: 'GET',
      url: 'https://ghcr.io/v2/acme/checkout/tags/list?n=1000',
      context: null,
    },
    outcome: 'failed',
    says: 'ghcr.io could not be reached: connect ETIMEDOUT',
    tookMs: 20_014,
    bytes: null,
  }),
  of(5, {
    question: 'follow production',
    errand: {...cluster, method: 'GET', url: `${deployments}?watch=1&resourceVersion=88121`},
    outcome: 'running',
    says: '',
    tookMs: null,
    bytes: null,
  }),
];
