import type {PromotePreview, Session} from '../../source/app/session.ts';
import type {VersionCell, VersionMatrix, VersionRow} from '../../source/changes/promotion/matrix.ts';
import type {PromoteRequest, PromotionChoices, PromotionItem} from '../../source/changes/promotion/types.ts';
import {environment, head, noon, repository, revertPreview} from './fake-data.ts';

const item = (
  group: PromotionItem['group'],
  subject: string,
  what: string,
  more: Partial<PromotionItem> = {},
): PromotionItem => ({
  id: `${group}:${subject}:${what}`,
  group,
  subject,
  application: subject.split('/').at(-1) ?? '',
  what,
  now: null,
  wanted: null,
  source: {file: `environments/staging/${subject.split('/').at(-1)}.yaml`, line: 22},
  target: {file: `environments/production/${subject.split('/').at(-1)}.yaml`, line: 22},
  own: null,
  refused: null,
  notes: [],
  byDefault: false,
  ...more,
});

const patch = `diff --git a/environments/production/web.yaml b/environments/production/web.yaml
--- a/environments/production/web.yaml
+++ b/environments/production/web.yaml
@@ -7,3 +7,3 @@ metadata:
 spec:
-  replicas: 3
+  replicas: 2
`;

/** What production could get from staging: two images, values of its own and others, a Secret, an object, files. */
export function promotionChoices(environment: string, from: string): PromotionChoices {
  return {
    environment,
    from,
    revisions: {source: head, target: head},
    items: [
      item('images', 'Deployment/checkout', 'api', {
        now: 'shop/checkout:v1.8.0',
        wanted: 'shop/checkout:v1.8.2',
        byDefault: true,
        notes: ['staging runs shop/checkout:v1.8.1, not what its git says'],
      }),
      item('images', 'StatefulSet/redis', 'redis', {now: 'redis:7.2', wanted: 'redis:7.4', byDefault: true}),
      item('images', 'CronJob/nightly-report', 'report', {
        now: 'shop/report:v2.1.0',
        wanted: 'shop/report:v2.0.3',
        notes: ['production is ahead: v2.1.0 there is newer than v2.0.3 in staging'],
      }),
      item('values', 'Deployment/web', 'spec.replicas', {now: '3', wanted: '2'}),
      item('values', 'Ingress/web', 'spec.rules[0].host', {
        now: 'shop.example',
        wanted: 'staging.shop.example',
        own: 'where it is reached',
      }),
      item('values', 'Secret/database', 'stringData.password', {
        now: '***1f2e3d4c',
        wanted: '***5a6b7c8d',
        refused: 'values of Secrets are not promoted: set it by hand',
      }),
      item('objects', 'ConfigMap/flags', '', {wanted: 'ConfigMap', target: null}),
      item('files', 'environments/production/web.yaml', '+1 -1', {
        application: 'web.yaml',
        patch,
        own: 'it sets Ingress/web spec.rules[0].host',
      }),
    ],
    own: ['namespace shop-staging in staging, shop in production'],
    cautions: ['staging runs something else than its git says: 1 modified, 0 missing, 0 extra'],
    merge: null,
  };
}

const cell = (environment: string, version: string, more: Partial<VersionCell> = {}): VersionCell => ({
  environment,
  image: `shop/app:${version}`,
  version,
  location: {file: `environments/${environment}/app.yaml`, line: 22},
  subject: 'Deployment/app',
  path: [{type: 'field', name: 'image'}],
  live: null,
  against: null,
  since: null,
  ...more,
});

const row = (
  application: string,
  repository: string,
  cells: readonly (VersionCell | null)[],
): VersionRow => ({
  id: `Deployment//${application}/app`,
  name: application,
  application,
  kind: 'Deployment',
  container: 'app',
  repository,
  cells,
});

const threeDays = new Date(noon - 3 * 24 * 3600_000).toISOString();

/** Three environments: one application waits, one runs something else, one is ahead, one is not everywhere. */
export const versionMatrix: VersionMatrix = {
  environments: [
    {
      name: 'development',
      protected: false,
      promotesFrom: null,
      revision: head,
      problem: null,
      compared: true,
    },
    {
      name: 'staging',
      protected: false,
      promotesFrom: 'development',
      revision: head,
      problem: null,
      compared: true,
    },
    {
      name: 'production',
      protected: true,
      promotesFrom: 'staging',
      revision: head,
      problem: null,
      compared: false,
    },
  ],
  rows: [
    row('checkout', 'shop/checkout', [
      cell('development', 'v1.8.2'),
      cell('staging', 'v1.8.2', {
        against: 'same',
        live: {image: 'shop/checkout:v1.8.1', version: 'v1.8.1'},
      }),
      cell('production', 'v1.8.0', {against: 'behind', since: threeDays}),
    ]),
    row('nightly-report', 'shop/report', [
      cell('development', 'v2.0.3'),
      cell('staging', 'v2.0.3', {against: 'same'}),
      cell('production', 'v2.1.0', {against: 'ahead'}),
    ]),
    row('redis', 'redis', [cell('development', '7.4'), cell('staging', '7.4', {against: 'same'}), null]),
    row('web', 'nginx', [
      cell('development', '1.27'),
      cell('staging', '1.27', {against: 'same'}),
      cell('production', '1.27', {against: 'same'}),
    ]),
  ],
};

/** Three environments, each promoted from the one before it. */
export const chain: Pick<Session, 'load'> = {
  async load() {
    return {
      repository,
      environments: [
        environment('development'),
        environment('staging', {promotesFrom: 'development'}),
        environment('production', {protected: true, context: 'eks-prod-eu', promotesFrom: 'staging'}),
      ],
      problems: [],
      contextCount: 4,
    };
  },
};

/** The plan of a promotion, with the items that were asked for. */
export function promotePreview(request: PromoteRequest): PromotePreview {
  const {environment: name, from, way} = request;
  const {mode: _mode, target: _target, undone: _undone, ...plan} = revertPreview(name).plan;
  const items = promotionChoices(name, from).items.filter(({id}) => request.items?.includes(id) === true);
  return {
    kind: 'promote',
    request,
    items,
    plan: {
      ...plan,
      patch,
      files: [{path: `environments/${name}/web.yaml`, added: 1, removed: 1, binary: false}],
      message: `Promote ${from} to ${name}: ${way === 'merge' ? 'merge' : 'checkout v1.8.2'}\n\nWhy.\n`,
    },
    pullRequestBranch: `gitops-tui/promote-${from}-to-${name}-3f2a91c-a1b2c3`,
    alsoAffects: [],
    pushRefused: name === 'production' ? 'production is protected: changes go through a pull request' : null,
  };
}
