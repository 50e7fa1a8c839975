import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {ForgeError} from '../../source/forges/error.ts';
import type {ForgeRepository, PullRequestDraft} from '../../source/forges/types.ts';
import type {Json, JsonObject} from '../../source/resources/json.ts';
import {type Script, scriptedForge} from './scripted-forge.ts';

// Bitbucket and Azure DevOps, whose descriptions no package holds whole: the answers are as their documentation shows them.

const head = '9be01d4c0ffee9be01d4c0ffee9be01d4c0ffee9';
const newer = 'a'.repeat(40);
const draft: PullRequestDraft = {
  base: 'main',
  branch: 'gitops-tui/revert-1',
  title: 'Revert production',
  body: 'Because.',
  draft: true,
};
const uuid = '{504c3b62-8120-4f0c-a7bc-87800b9d6f70}';
const isMoved = (error: unknown) => error instanceof ForgeError && error.reason === 'moved';

describe('bitbucket', () => {
  const repository: ForgeRepository = {forge: 'bitbucket', host: 'bitbucket.org', path: 'shop/e'};
  const of = '/repositories/shop/e';
  const pull = {
    id: 7,
    links: {html: {href: 'https://bitbucket.org/shop/e/pull-requests/7'}},
    title: 'Revert production',
    state: 'OPEN',
    draft: false,
    author: {display_name: 'Ada Lovelace'},
    source: {
      branch: {name: draft.branch},
      commit: {hash: head.slice(0, 12)},
      repository: {full_name: 'shop/e'},
    },
    destination: {
      branch: {
        name: 'main',
        merge_strategies: ['merge_commit', 'squash', 'fast_forward'],
        default_merge_strategy: 'squash',
      },
      repository: {full_name: 'shop/e'},
    },
    updated_on: '2026-01-01T00:00:00Z',
    reviewers: [{uuid: '{0}'}],
  };
  const commit = {[`GET ${of}/commit/${head.slice(0, 12)}`]: {json: {hash: head}}};
  const start = (t: TestContext, script: Script) => scriptedForge(t, repository, {...commit, ...script});

  test('finds the branch of this repository, opens, and says what Bitbucket has not', async t => {
    const fork = {...pull, id: 8, source: {...pull.source, repository: {full_name: 'eve/e'}}};
    const server = await start(t, {
      [`GET ${of}/pullrequests`]: {json: {values: [fork, pull]}},
      [`POST ${of}/pullrequests`]: {status: 201, json: {...pull, draft: true}},
    });
    const found = await server.forge.findOpen(draft);
    assert.deepEqual([found?.number, found?.head], [7, head]);
    assert.match(
      decodeURIComponent(server.requests[0] ?? '').replaceAll('+', ' '),
      /q=source\.branch\.name="gitops-tui\/revert-1" AND destination\.branch\.name="main" AND state="OPEN"/,
    );
    const {pullRequest, notes} = await server.forge.open({...draft, labels: ['a'], reviewers: [uuid, 'bob']});
    server.done();
    assert.equal(pullRequest.draft, true);
    assert.deepEqual(notes, [
      'Bitbucket has no labels: none were set',
      'no review was asked for: Bitbucket wants a UUID in braces, not "bob"',
    ]);
    assert.deepEqual(
      server.bodies.find(body => body !== undefined),
      {
        type: 'pullrequest',
        title: draft.title,
        description: draft.body,
        source: {branch: {name: draft.branch}},
        destination: {branch: {name: 'main'}},
        draft: true,
        reviewers: [{type: 'account', uuid}],
      },
    );
  });

  test('updates without losing reviewers', async t => {
    const server = await start(t, {
      [`GET ${of}/pullrequests/7`]: {json: pull},
      [`PUT ${of}/pullrequests/7`]: {json: pull},
    });
    await server.forge.update(7, {body: 'New.', reviewers: [uuid]});
    server.done();
    assert.deepEqual(server.bodies[1], {
      type: 'pullrequest',
      title: 'Revert production',
      description: 'New.',
      reviewers: [
        {type: 'account', uuid: '{0}'},
        {type: 'account', uuid},
      ],
    });
  });

  test('tells its state, page by page', async t => {
    const people = [
      {
        user: {display_name: 'Bob'},
        role: 'REVIEWER',
        state: 'approved',
        approved: true,
        participated_on: '2026-01-01T00:00:00Z',
      },
      {user: {display_name: 'Carol'}, role: 'REVIEWER', state: null, approved: false, participated_on: null},
      {
        user: {display_name: 'Dan'},
        role: 'PARTICIPANT',
        state: 'changes_requested',
        approved: false,
        participated_on: '2026-01-01T00:00:00Z',
      },
    ];
    const page2: Json = {values: [{key: 'B', name: 'test', state: 'INPROGRESS', url: 'javascript:alert(1)'}]};
    const page1: JsonObject = {
      values: [{key: 'A', name: 'build', state: 'SUCCESSFUL', url: 'https://ci.example.com/1'}],
    };
    const server = await start(t, {
      [`GET ${of}/pullrequests/7`]: {json: {...pull, participants: people}},
      [`GET ${of}/pullrequests/7/statuses`]: [{json: page1}, {json: page2}],
      [`GET ${of}/pullrequests/7/comments`]: {
        json: {
          values: [
            {
              user: {display_name: 'Dan'},
              content: {raw: 'gone'},
              deleted: true,
              created_on: '2026-01-01T00:00:00Z',
            },
            {
              user: {display_name: 'Dan'},
              content: {raw: 'Two?'},
              created_on: '2026-01-01T00:00:00Z',
              inline: {path: 'web.yaml', to: 3, from: null},
            },
          ],
        },
      },
    });
    // The first page says where the next one is.
    page1['next'] = `${server.url}${of}/pullrequests/7/statuses?page=2`;
    const state = await server.forge.state(7);
    server.done();
    assert.deepEqual(
      state.checks?.map(({name, result, url}) => [name, result, url]),
      [
        ['build', 'passed', 'https://ci.example.com/1'],
        ['test', 'running', null],
      ],
    );
    assert.deepEqual(
      state.reviews.map(({author, verdict}) => `${author} ${verdict}`),
      ['Bob approved', 'Carol requested', 'Dan changes-requested'],
    );
    assert.deepEqual(
      state.comments.map(({body, file, line}) => [body, file, line]),
      [['Two?', 'web.yaml', 3]],
    );
    assert.equal(state.mergeability.verdict, 'unknown');
    assert.match(state.mergeability.reasons[0] ?? '', /changes are requested by Dan/);
    assert.deepEqual(state.methods, ['squash', 'merge', 'fast-forward']);
  });

  test('merges what was seen and nothing else', async t => {
    const server = await start(t, {
      [`GET ${of}/pullrequests/7`]: {json: pull},
      [`POST ${of}/pullrequests/7/merge`]: {json: {...pull, state: 'MERGED', merge_commit: {hash: newer}}},
    });
    await assert.rejects(server.forge.merge(7, {head: newer, method: 'squash'}), isMoved);
    assert.ok(server.requests.every(request => request.startsWith('GET')));
    const merged = await server.forge.merge(7, {head, method: 'squash', deleteBranch: true});
    server.done();
    assert.deepEqual(merged, {merged: true, sha: newer, notes: []});
    assert.deepEqual(server.bodies.at(-1), {
      type: 'pullrequest_merge_parameters',
      close_source_branch: true,
      merge_strategy: 'squash',
    });
  });

  test('lists files by both names', async t => {
    const server = await start(t, {
      [`GET ${of}/pullrequests/7/diffstat`]: {
        json: {
          values: [
            {old: {path: 'old.yaml'}, new: {path: 'new.yaml'}},
            {old: null, new: {path: 'web.yaml'}},
          ],
        },
      },
    });
    assert.deepEqual(await server.forge.files(7), ['new.yaml', 'old.yaml', 'web.yaml']);
  });
});

describe('bitbucket-data-center', () => {
  const repository: ForgeRepository = {
    forge: 'bitbucket-data-center',
    host: 'git.acme.example',
    path: '~ada/e',
  };
  const of = '/api/latest/projects/~ada/repos/e';
  const ref = (displayId: string, slug = 'e') => ({
    id: `refs/heads/${displayId}`,
    displayId,
    latestCommit: head,
    repository: {slug, project: {key: '~ADA'}},
  });
  const pull = {
    id: 7,
    version: 4,
    title: 'Revert production',
    description: 'Before.',
    state: 'OPEN',
    draft: false,
    author: {user: {name: 'ada'}},
    reviewers: [{user: {name: 'carol'}, status: 'UNAPPROVED'}],
    fromRef: ref(draft.branch),
    toRef: ref('main'),
    updatedDate: Date.UTC(2026, 0, 1),
    links: {self: [{href: 'https://git.acme.example/users/ada/repos/e/pull-requests/7'}]},
  };
  const settings = {
    mergeConfig: {
      defaultStrategy: {id: 'squash'},
      strategies: [
        {id: 'no-ff', enabled: false},
        {id: 'ff', enabled: true},
        {id: 'squash', enabled: true},
      ],
    },
  };
  const start = (t: TestContext, script: Script) => scriptedForge(t, repository, script);

  test('finds, opens and updates', async t => {
    const server = await start(t, {
      [`GET ${of}/pull-requests`]: {
        json: {values: [{...pull, id: 8, fromRef: ref(draft.branch, 'fork')}, pull], isLastPage: true},
      },
      [`POST ${of}/pull-requests`]: {status: 201, json: pull},
      [`GET ${of}/pull-requests/7`]: {json: pull},
      [`PUT ${of}/pull-requests/7`]: {json: pull},
    });
    assert.equal((await server.forge.findOpen(draft))?.number, 7);
    assert.equal(await server.forge.findOpen({...draft, base: 'other'}), null);
    await server.forge.open({...draft, reviewers: ['bob']});
    const side = (name: string) => ({
      id: `refs/heads/${name}`,
      repository: {slug: 'e', project: {key: '~ada'}},
    });
    assert.deepEqual(server.bodies.at(-1), {
      title: draft.title,
      description: draft.body,
      draft: true,
      fromRef: side(draft.branch),
      toRef: side('main'),
      reviewers: [{user: {name: 'bob'}}],
    });
    await server.forge.update(7, {title: 'New', reviewers: ['bob']});
    server.done();
    assert.deepEqual(server.bodies.at(-1), {
      id: 7,
      version: 4,
      title: 'New',
      description: 'Before.',
      draft: false,
      reviewers: [{user: {name: 'carol'}}, {user: {name: 'bob'}}],
    });
  });

  test('tells its state', async t => {
    const server = await start(t, {
      [`GET ${of}/pull-requests/7`]: {
        json: {...pull, reviewers: [...pull.reviewers, {user: {name: 'bob'}, status: 'NEEDS_WORK'}]},
      },
      [`GET /build-status/latest/commits/${head}`]: {
        json: {
          values: [
            {key: 'A', name: 'build', state: 'FAILED', url: 'https://ci.example.com/1', description: 'no'},
          ],
        },
      },
      [`GET ${of}/pull-requests/7/activities`]: {
        json: {
          values: [
            {action: 'COMMENTED', comment: {text: 'Later', author: {name: 'bob'}, createdDate: 2}},
            {action: 'OPENED'},
            {
              action: 'COMMENTED',
              comment: {text: 'Two?', author: {name: 'bob'}, createdDate: 1, threadResolved: true},
              commentAnchor: {path: 'web.yaml', line: 3},
            },
          ],
        },
      },
      [`GET ${of}/pull-requests/7/merge`]: {
        json: {
          canMerge: false,
          conflicted: true,
          vetoes: [{summaryMessage: 'Builds', detailedMessage: 'You need 1 successful build'}],
        },
      },
      [`GET ${of}/settings/pull-requests`]: {json: settings},
    });
    const state = await server.forge.state(7);
    server.done();
    assert.deepEqual(
      state.checks?.map(({name, result, summary}) => [name, result, summary]),
      [['build', 'failed', 'no']],
    );
    assert.deepEqual(
      state.reviews.map(({author, verdict}) => `${author} ${verdict}`),
      ['carol requested', 'bob changes-requested'],
    );
    assert.deepEqual(
      state.comments.map(({body, file, line, resolved}) => [body, file, line, resolved]),
      [
        ['Two?', 'web.yaml', 3, true],
        ['Later', null, null, false],
      ],
    );
    assert.deepEqual(state.mergeability, {
      verdict: 'blocked',
      reasons: ['it conflicts with main', 'You need 1 successful build', 'changes are requested by bob'],
    });
    assert.deepEqual(state.methods, ['squash', 'merge']);
  });

  test('merges what was seen, by its version, in a way that is enabled', async t => {
    const server = await start(t, {
      [`GET ${of}/pull-requests/7`]: {json: pull},
      [`GET ${of}/settings/pull-requests`]: {json: settings},
      [`POST ${of}/pull-requests/7/merge`]: {
        json: {...pull, state: 'MERGED', properties: {mergeCommit: {id: newer}}},
      },
    });
    await assert.rejects(server.forge.merge(7, {head: newer, method: 'merge'}), isMoved);
    const merged = await server.forge.merge(7, {head, method: 'merge'});
    server.done();
    assert.deepEqual(merged, {merged: true, sha: newer, notes: []});
    assert.equal(server.requests.at(-1), `POST ${of}/pull-requests/7/merge?version=4`);
    assert.deepEqual(server.bodies.at(-1), {version: 4, strategyId: 'ff'});
  });
});

describe('azure-devops', () => {
  const repository: ForgeRepository = {forge: 'azure-devops', host: 'dev.azure.com', path: 'acme/Web Shop/e'};
  const of = '/acme/Web%20Shop/_apis/git/repositories/e';
  const pull = {
    pullRequestId: 7,
    title: 'Revert production',
    status: 'active',
    isDraft: false,
    createdBy: {displayName: 'Ada'},
    creationDate: '2026-01-01T00:00:00Z',
    sourceRefName: `refs/heads/${draft.branch}`,
    targetRefName: 'refs/heads/main',
    mergeStatus: 'succeeded',
    lastMergeSourceCommit: {commitId: head},
    repository: {project: {id: 'p-1'}},
    reviewers: [
      {id: 'r-1', displayName: 'Bob', vote: 10},
      {id: 'r-2', displayName: 'Carol', vote: 0},
    ],
  };
  const reviewer = '3b5f0c34-4aec-4bf4-8708-1d36f0dbc468';
  const start = (t: TestContext, script: Script) => scriptedForge(t, repository, script);

  test('finds, opens with labels and reviewers, and updates', async t => {
    const server = await start(t, {
      [`GET ${of}/pullrequests`]: {json: {value: [pull]}},
      [`POST ${of}/pullrequests`]: {status: 201, json: pull},
      [`POST ${of}/pullrequests/7/labels`]: {json: {}},
      [`PUT ${of}/pullrequests/7/reviewers/${reviewer}`]: {json: {}},
      [`PATCH ${of}/pullrequests/7`]: {json: pull},
    });
    const found = await server.forge.findOpen(draft);
    assert.equal(found?.url, 'https://dev.azure.com/acme/Web%20Shop/_git/e/pullrequest/7');
    const query = new URLSearchParams(server.requests[0]?.split('?')[1]);
    assert.deepEqual(
      ['sourceRefName', 'targetRefName', 'status'].map(name => query.get(`searchCriteria.${name}`)),
      [`refs/heads/${draft.branch}`, 'refs/heads/main', 'active'],
    );
    assert.equal(query.get('api-version'), '7.1');
    const {notes} = await server.forge.open({...draft, labels: ['gitops'], reviewers: [reviewer, 'bob']});
    assert.deepEqual(notes, ['no review was asked for: Azure DevOps wants an identity\'s id, not "bob"']);
    assert.deepEqual(server.bodies[1], {
      sourceRefName: `refs/heads/${draft.branch}`,
      targetRefName: 'refs/heads/main',
      title: draft.title,
      description: draft.body,
      isDraft: true,
    });
    await server.forge.update(7, {draft: false, body: 'x'.repeat(5000)});
    server.done();
    assert.deepEqual(server.bodies.at(-1), {description: 'x'.repeat(4000), isDraft: false});
    assert.equal(server.headers[0]?.['authorization'], `Basic ${Buffer.from(':t0ken').toString('base64')}`);
  });

  test('tells its state, policies among the checks', async t => {
    const policy = (status: string, displayName: string, more: JsonObject = {}) => ({
      status,
      configuration: {isBlocking: true, isEnabled: true, type: {displayName}, settings: more},
    });
    const server = await start(t, {
      [`GET ${of}/pullrequests/7`]: {json: pull},
      [`GET ${of}/pullRequests/7/statuses`]: {
        json: {
          value: [
            {id: 1, iterationId: 1, state: 'failed', context: {name: 'scan', genre: 'security'}},
            {id: 2, iterationId: 2, state: 'succeeded', context: {name: 'scan', genre: 'security'}},
          ],
        },
      },
      [`GET /acme/Web%20Shop/_apis/policy/evaluations`]: {
        json: {
          value: [
            policy('queued', 'Build', {displayName: 'CI'}),
            policy('approved', 'Minimum number of reviewers', {minimumApproverCount: 2}),
          ],
        },
      },
      [`GET ${of}/pullRequests/7/threads`]: {
        json: {
          value: [
            {comments: [{commentType: 'system', content: 'Ada joined'}]},
            {
              status: 'fixed',
              threadContext: {filePath: '/web.yaml', rightFileStart: {line: 3, offset: 1}},
              comments: [
                {
                  author: {displayName: 'Bob'},
                  content: 'Two?',
                  publishedDate: '2026-01-01T00:00:00Z',
                  commentType: 'text',
                },
              ],
            },
          ],
        },
      },
    });
    const state = await server.forge.state(7);
    server.done();
    assert.deepEqual(
      state.checks?.map(({name, result, required}) => [name, result, required]),
      [
        ['security/scan', 'passed', null],
        ['CI', 'waiting', true],
      ],
    );
    assert.deepEqual(
      state.reviews.map(({author, verdict}) => `${author} ${verdict}`),
      ['Bob approved', 'Carol requested'],
    );
    assert.deepEqual(
      state.comments.map(({body, file, line, resolved}) => [body, file, line, resolved]),
      [['Two?', 'web.yaml', 3, true]],
    );
    assert.deepEqual(state.protection, {approvals: 2, checks: ['CI']});
    assert.deepEqual(state.mergeability, {
      verdict: 'blocked',
      reasons: ['required checks have not ended: CI', '1 of 2 approvals are given'],
    });
  });

  test('what the token may not see is not said to be well', async t => {
    const forbidden = {status: 403, json: {message: 'No'}};
    const server = await start(t, {
      [`GET ${of}/pullrequests/7`]: {json: pull},
      [`GET ${of}/pullRequests/7/statuses`]: {json: {value: []}},
      [`GET /acme/Web%20Shop/_apis/policy/evaluations`]: forbidden,
      [`GET ${of}/pullRequests/7/threads`]: {json: {value: []}},
    });
    const state = await server.forge.state(7);
    server.done();
    assert.equal(state.checks, null);
    assert.equal(state.protection, null);
    assert.equal(state.mergeability.verdict, 'unknown');
  });

  test('merges what was seen; an order that waits is said to wait', async t => {
    const done = {...pull, status: 'completed', lastMergeCommit: {commitId: newer}};
    const server = await start(t, {[`PATCH ${of}/pullrequests/7`]: [{json: pull}, {json: done}]});
    const order = {head, method: 'squash', deleteBranch: true} as const;
    assert.deepEqual(await server.forge.merge(7, order), {merged: false, queued: true, notes: []});
    assert.deepEqual(await server.forge.merge(7, order), {merged: true, sha: newer, notes: []});
    assert.deepEqual(server.bodies[0], {
      status: 'completed',
      lastMergeSourceCommit: {commitId: head},
      completionOptions: {mergeStrategy: 'squash', deleteSourceBranch: true},
    });
  });

  test('lists files by both names', async t => {
    const server = await start(t, {
      [`GET ${of}/pullRequests/7/iterations`]: {json: {value: [{id: 1}, {id: 2}]}},
      [`GET ${of}/pullRequests/7/iterations/2/changes`]: {
        json: {
          changeEntries: [
            {item: {path: '/new.yaml'}, originalPath: '/old.yaml'},
            {item: {path: '/web.yaml'}},
          ],
        },
      },
    });
    assert.deepEqual(await server.forge.files(7), ['new.yaml', 'old.yaml', 'web.yaml']);
  });
});
