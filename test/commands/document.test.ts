import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {driftDocument, exitStatus, formatValue} from '../../source/commands/document.ts';
import {diffText, statusText} from '../../source/commands/text-report.ts';
import type {EnvironmentReport, ResourceDrift} from '../../source/drift/types.ts';
import {fields} from '../../source/resources/field-path.ts';
import {type JsonObject, listAt} from '../../source/resources/json.ts';
import type {Problem} from '../../source/resources/problem.ts';

const plainStyle = {color: false, ascii: false};

function resource(change: Partial<ResourceDrift> = {}): ResourceDrift {
  return {
    id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
    version: 'v1',
    status: 'Modified',
    health: 'Healthy',
    healthMessage: '',
    verdict: 'server',
    source: {file: 'environments/staging/web.yaml', line: 1},
    fields: [
      {
        path: 'spec.replicas',
        elements: fields('spec', 'replicas'),
        change: 'changed',
        desired: 3,
        live: 5,
        manager: 'kubectl',
        changedAt: '2026-11-21T03:00:00Z',
        location: {file: 'environments/staging/web.yaml', line: 9},
        commit: '3f2a91c0000000000000000000000000000000aa',
        author: 'Jane Doe',
      },
    ],
    hidden: [],
    notes: [],
    error: null,
    desired: null,
    live: null,
    ...change,
  };
}

function report(change: Partial<EnvironmentReport> = {}): EnvironmentReport {
  return {
    environment: 'staging',
    context: 'stg',
    engine: 'direct',
    protected: false,
    syncStatus: 'OutOfSync',
    healthStatus: 'Healthy',
    desiredRevision: '3f2a91c0000000000000000000000000000000aa',
    liveRevision: null,
    summary: {synced: 0, modified: 1, missing: 0, extra: 0, unknown: 0},
    resources: [resource()],
    errors: [],
    ...change,
  };
}

const synced = report({
  syncStatus: 'Synced',
  summary: {synced: 1, modified: 0, missing: 0, extra: 0, unknown: 0},
});
const unknown = report({
  syncStatus: 'Unknown',
  summary: {synced: 0, modified: 0, missing: 0, extra: 0, unknown: 1},
});
const warning: Problem = {severity: 'warning', message: 'duplicate key'};
const error: Problem = {
  severity: 'error',
  message: 'no such folder',
  location: {file: 'a.yaml', line: 3, column: 5},
};

describe('exit status', () => {
  const table: [string, EnvironmentReport[], Problem[], number][] = [
    ['all in sync', [synced], [], 0],
    ['drift', [synced, report()], [], 1],
    ['something unknown beside drift', [report(), unknown], [], 2],
    ['OutOfSync with an unknown resource', [report({summary: {...unknown.summary, modified: 1}})], [], 2],
    ['a warning is no failure', [synced], [warning], 0],
    ['an error of the configuration', [synced], [error], 2],
    ['an error of one environment', [{...synced, errors: [error]}], [], 2],
  ];
  for (const [name, reports, problems, expected] of table) {
    test(name, () => assert.equal(exitStatus(reports, problems), expected));
  }
});

describe('the document', () => {
  const repository = {path: '/repo', remote: null, head: 'abc'};

  test('has the fields that are promised', () => {
    assert.deepEqual(driftDocument(repository, [report()], [error], {resources: true}), {
      schemaVersion: 1,
      repository: {path: '/repo', remote: null, head: 'abc'},
      environments: [
        {
          name: 'staging',
          context: 'stg',
          engine: 'direct',
          protected: false,
          syncStatus: 'OutOfSync',
          healthStatus: 'Healthy',
          desiredRevision: '3f2a91c0000000000000000000000000000000aa',
          liveRevision: null,
          summary: {synced: 0, modified: 1, missing: 0, extra: 0, unknown: 0},
          resources: [
            {
              group: 'apps',
              version: 'v1',
              kind: 'Deployment',
              namespace: 'shop',
              name: 'web',
              status: 'Modified',
              health: 'Healthy',
              verdict: 'server',
              source: {file: 'environments/staging/web.yaml', line: 1},
              fields: [
                {
                  path: 'spec.replicas',
                  change: 'changed',
                  desired: 3,
                  live: 5,
                  manager: 'kubectl',
                  changedAt: '2026-11-21T03:00:00Z',
                  commit: '3f2a91c0000000000000000000000000000000aa',
                  author: 'Jane Doe',
                  file: 'environments/staging/web.yaml',
                  line: 9,
                },
              ],
              notes: [],
              error: null,
            },
          ],
          errors: [],
        },
      ],
      errors: [{severity: 'error', message: 'no such folder', file: 'a.yaml', line: 3, column: 5}],
    });
  });

  test('of status leaves the resources out', () => {
    const [environment] = driftDocument(repository, [report()], [], {resources: false})[
      'environments'
    ] as object[];
    assert.ok(environment !== undefined && !('resources' in environment) && 'summary' in environment);
  });
});

describe('text', () => {
  test('of diff names object, field, who and which line', () => {
    const text = diffText([report()], [], plainStyle);
    assert.match(text, /~ Modified Deployment\/shop\/web {2}environments\/staging\/web\.yaml:1/);
    assert.match(
      text,
      /spec\.replicas: 3 → 5 {2}by kubectl 2026-11-21T03:00:00Z {2}git 3f2a91c Jane Doe environments\/staging\/web\.yaml:9/,
    );
  });

  test('of diff leaves out what is in sync, and ends with a line end', () => {
    const text = diffText([report({resources: [resource({status: 'Synced', fields: []})]})], [], plainStyle);
    assert.doesNotMatch(text, /Deployment/);
    assert.ok(text.endsWith('\n'));
  });

  test('never carries an escape sequence of the outside', () => {
    const evil = resource({
      id: {group: '', kind: 'ConfigMap', namespace: 'x', name: 'a\u001B]52;c;ZXZpbA==\u0007b'},
    });
    const text = diffText(
      [report({resources: [evil]})],
      [{severity: 'error', message: '\u001B[2Jgone'}],
      plainStyle,
    );
    assert.doesNotMatch(text, /\u001B/);
    assert.match(text, /ConfigMap\/x\/ab/);
  });

  test('of status is a table, problems below it', () => {
    assert.equal(
      statusText([report(), {...synced, environment: 'dev', errors: [error]}], [], plainStyle),
      [
        'ENVIRONMENT  CONTEXT  SYNC       HEALTH   SYNCED  ~  +  -  ?  LIVE  GIT',
        'staging      stg      OutOfSync  Healthy  0       1  0  0  0  -     3f2a91c',
        'dev          stg      Synced     Healthy  1       0  0  0  0  -     3f2a91c',
        'a.yaml:3:5: dev: no such folder',
        '',
      ].join('\n'),
    );
  });
});

test('a value on one line', () => {
  assert.equal(formatValue(9007199254740993n), '9007199254740993');
  assert.equal(formatValue(''), '""');
  assert.equal(formatValue([1, 'a']), '[1,"a"]');
  assert.equal(formatValue({a: 1n}), '{"a":1}');
  assert.equal(formatValue(null), 'null');
});

describe('what counts for nothing', () => {
  const hidden = [
    {
      path: 'spec.replicas',
      reason: 'ignored' as const,
      because: 'ignored by .gitops-tui.yaml:3: /spec/replicas',
      desired: 3,
      live: 5,
    },
  ];
  const quiet = report({
    syncStatus: 'Synced',
    resources: [
      resource({
        status: 'Synced',
        fields: [],
        hidden,
        desired: {spec: {replicas: 3}},
        live: {spec: {replicas: 5}, status: {replicas: 5}},
      }),
    ],
    leftOut: [
      {
        id: {group: 'batch', kind: 'Job', namespace: 'shop', name: 'migrate'},
        source: {file: 'job.yaml', line: 1, column: 1},
        reason: 'a hook of Argo CD (PreSync)',
      },
    ],
  });
  const repository = {path: '/r', remote: null, head: null};

  test('is in the document where it was asked for', () => {
    const document = driftDocument(repository, [quiet], [], {resources: true, ignored: true});
    const [environment] = document['environments'] as JsonObject[];
    const [only] = listAt(environment, 'resources') as JsonObject[];
    assert.deepEqual(only?.['hidden'], [
      {
        path: 'spec.replicas',
        reason: 'ignored',
        because: 'ignored by .gitops-tui.yaml:3: /spec/replicas',
        desired: 3,
        live: 5,
      },
      {path: 'status', reason: 'server', because: "it is the cluster's own", live: {replicas: 5}},
    ]);
    assert.deepEqual(environment?.['leftOut'], [
      {
        group: 'batch',
        kind: 'Job',
        namespace: 'shop',
        name: 'migrate',
        source: {file: 'job.yaml', line: 1},
        reason: 'a hook of Argo CD (PreSync)',
      },
    ]);
  });

  test('else only what is left out is', () => {
    const document = driftDocument(repository, [quiet], [], {resources: true});
    assert.ok(!JSON.stringify(document).includes('hidden'));
    assert.match(JSON.stringify(document), /leftOut/);
  });

  test('is told in words', () => {
    assert.match(
      diffText([quiet], [], plainStyle, {ignored: true}),
      /✓ Synced .*web.*\n {6}no drift: spec\.replicas: git 3, live 5 \(ignored by \.gitops-tui\.yaml:3: \/spec\/replicas\)\n {2}left out: Job.*migrate.* {2}job\.yaml:1 {2}a hook of Argo CD \(PreSync\)\n/,
    );
    assert.doesNotMatch(diffText([quiet], [], plainStyle), /no drift/);
  });
});
