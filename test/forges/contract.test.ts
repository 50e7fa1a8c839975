import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import type {ForgeRepository, PullRequestDraft, PullRequestState} from '../../source/forges/types.ts';
import type {Json} from '../../source/resources/json.ts';
import {Description} from './description.ts';
import {describedForge} from './scripted-forge.ts';

// Every request that is made here is held to the forge's published description, and so is every answer that is believed.

const head = '9be01d4c0ffee9be01d4c0ffee9be01d4c0ffee9';
const newer = 'a'.repeat(40);
const draft: PullRequestDraft = {
  base: 'main',
  branch: 'gitops-tui/revert-1',
  title: 'Revert production',
  body: 'Because.',
  draft: true,
  labels: ['gitops'],
  reviewers: ['bob'],
};
const at = '2026-01-01T00:00:00Z';

interface Case {
  repository: ForgeRepository;
  description: Description;
  answers: Record<string, Json>;
  /** The body that opens the pull request, and the one that merges it. */
  opening: Json;
  merging: Json;
  files: string[];
}

const github: Case = (() => {
  const side = (ref: string) => ({ref, sha: head, repo: {full_name: 'shop/e'}});
  const simple = {
    number: 7,
    html_url: 'https://github.com/shop/e/pull/7',
    title: 'Revert production',
    state: 'open',
    draft: true,
    user: {login: 'ada'},
    head: side('gitops-tui/revert-1'),
    base: side('main'),
    updated_at: at,
    merged_at: null,
  };
  const of = '/repos/{owner}/{repo}';
  const one = `${of}/pulls/{pull_number}`;
  return {
    repository: {forge: 'github', host: 'github.com', path: 'shop/e'},
    description: new Description('github'),
    answers: {
      [`GET ${of}`]: {allow_merge_commit: false, allow_squash_merge: true, allow_rebase_merge: true},
      [`GET ${of}/pulls`]: [simple],
      [`POST ${of}/pulls`]: simple,
      [`GET ${one}`]: {
        ...simple,
        draft: false,
        mergeable_state: 'blocked',
        requested_reviewers: [{login: 'carol'}],
      },
      [`PATCH ${one}`]: simple,
      [`GET ${one}/files`]: [
        {filename: 'new.yaml', previous_filename: 'old.yaml', status: 'renamed'},
        {filename: 'web.yaml', status: 'modified'},
      ],
      [`GET ${one}/reviews`]: [
        {user: {login: 'bob'}, state: 'CHANGES_REQUESTED', body: 'No.', submitted_at: at},
        {user: {login: 'bob'}, state: 'COMMENTED', body: '', submitted_at: at},
      ],
      [`GET ${one}/comments`]: [
        {user: {login: 'bob'}, body: 'Two?', created_at: '2026-01-02T00:00:00Z', path: 'web.yaml', line: 3},
      ],
      [`PUT ${one}/merge`]: {sha: newer, merged: true, message: 'ok'},
      [`POST ${one}/requested_reviewers`]: {},
      [`GET ${of}/issues/{issue_number}/comments`]: [
        {user: {login: 'dan'}, body: 'Why?', created_at: '2026-01-03T00:00:00Z'},
      ],
      [`POST ${of}/issues/{issue_number}/labels`]: [],
      [`GET ${of}/commits/{ref}/check-runs`]: {
        check_runs: [
          {
            name: 'build',
            status: 'completed',
            conclusion: 'success',
            html_url: 'https://ci.example.com/1',
            output: {title: null},
          },
          {name: 'slow', status: 'in_progress', conclusion: null, html_url: null, output: {title: null}},
        ],
      },
      [`GET ${of}/commits/{ref}/status`]: {
        statuses: [{context: 'ci/test', state: 'failure', target_url: null, description: '2 failed'}],
      },
      [`GET ${of}/rules/branches/{branch}`]: [],
      [`GET ${of}/branches/{branch}`]: {
        protection: {required_status_checks: {contexts: ['ci/test', 'never-ran']}},
      },
      [`GET ${of}/branches/{branch}/protection/required_pull_request_reviews`]: {
        required_approving_review_count: 2,
      },
      [`DELETE ${of}/git/refs/{ref}`]: {},
    },
    opening: {
      title: draft.title,
      body: draft.body,
      head: draft.branch,
      base: 'main',
      draft: true,
    },
    merging: {sha: head, merge_method: 'squash'},
    files: ['new.yaml', 'old.yaml', 'web.yaml'],
  };
})();

const gitlab: Case = (() => {
  const simple = {
    iid: 7,
    web_url: 'https://gitlab.com/group/sub/e/-/merge_requests/7',
    title: 'Draft: Revert production',
    state: 'opened',
    draft: true,
    author: {username: 'ada'},
    source_branch: 'gitops-tui/revert-1',
    target_branch: 'main',
    sha: head,
    source_project_id: 3,
    target_project_id: 3,
    updated_at: at,
  };
  const of = '/api/v4/projects/{id}';
  const one = `${of}/merge_requests/{merge_request_iid}`;
  return {
    repository: {forge: 'gitlab', host: 'gitlab.com', path: 'group/sub/e'},
    description: new Description('gitlab'),
    answers: {
      [`GET ${of}`]: {
        merge_method: 'ff',
        squash_option: 'default_on',
        only_allow_merge_if_pipeline_succeeds: true,
      },
      [`GET ${of}/merge_requests`]: [{...simple, iid: 8, source_project_id: 4}, simple],
      [`POST ${of}/merge_requests`]: simple,
      [`GET ${one}`]: {...simple, draft: false, detailed_merge_status: 'not_approved'},
      [`PUT ${one}`]: simple,
      [`GET ${one}/diffs`]: [
        {old_path: 'old.yaml', new_path: 'new.yaml'},
        {old_path: 'web.yaml', new_path: 'web.yaml'},
      ],
      [`GET ${one}/reviewers`]: [
        {user: {username: 'bob'}, state: 'requested_changes', created_at: at},
        {user: {username: 'carol'}, state: 'unreviewed', created_at: at},
      ],
      [`GET ${one}/approvals`]: {approvals_required: 2, approved_by: []},
      [`GET ${of}/merge_requests/{noteable_id}/notes`]: [
        {author: {username: 'ada'}, body: 'changed the title', system: true, created_at: at},
        {author: {username: 'bob'}, body: 'No.', created_at: at, resolvable: false},
        {
          author: {username: 'bob'},
          body: 'Two?',
          created_at: '2026-01-02T00:00:00Z',
          resolvable: true,
          resolved: true,
          position: {new_path: 'web.yaml', new_line: 3},
        },
        {author: {username: 'dan'}, body: 'Why?', created_at: '2026-01-03T00:00:00Z'},
      ],
      [`GET ${of}/repository/commits/{sha}/statuses`]: [
        {name: 'build', status: 'success', target_url: 'https://ci.example.com/1', allow_failure: true},
        {name: 'slow', status: 'running', allow_failure: true},
        {name: 'ci/test', status: 'failed', description: '2 failed', allow_failure: false},
        {name: 'never-ran', status: 'manual', allow_failure: false},
      ],
      [`GET ${of}/protected_branches/{name}`]: {name: 'main'},
      [`GET ${of}/repository/commits/{sha}/merge_requests`]: [simple],
      [`GET ${of}/repository/branches/{branch}`]: {protected: true, can_push: false},
      'GET /api/v4/users': [{id: 42, username: 'bob'}],
      [`PUT ${one}/merge`]: {...simple, state: 'merged', merge_commit_sha: newer},
    },
    opening: {
      source_branch: draft.branch,
      target_branch: 'main',
      title: 'Draft: Revert production',
      description: draft.body,
      labels: 'gitops',
      reviewer_ids: [42],
    },
    merging: {sha: head, squash: true, should_remove_source_branch: true},
    files: ['new.yaml', 'old.yaml', 'web.yaml'],
  };
})();

const gitea: Case = (() => {
  const side = (ref: string) => ({ref, sha: head, repo: {full_name: 'shop/e'}});
  const simple = {
    number: 7,
    html_url: 'https://codeberg.org/shop/e/pulls/7',
    title: 'WIP: Revert production',
    state: 'open',
    draft: true,
    merged: false,
    mergeable: true,
    user: {login: 'ada'},
    head: side('gitops-tui/revert-1'),
    base: side('main'),
    updated_at: at,
  };
  const of = '/repos/{owner}/{repo}';
  const one = `${of}/pulls/{index}`;
  return {
    repository: {forge: 'gitea', host: 'codeberg.org', path: 'shop/e'},
    description: new Description('gitea'),
    answers: {
      [`GET ${of}`]: {
        allow_merge_commits: false,
        allow_squash_merge: true,
        allow_rebase: true,
        allow_fast_forward_only_merge: false,
        default_merge_style: 'squash',
      },
      [`GET ${of}/pulls`]: [simple],
      [`POST ${of}/pulls`]: simple,
      [`GET ${one}`]: {
        ...simple,
        draft: false,
        merged: true,
        state: 'open',
        merge_commit_sha: newer,
        requested_reviewers: [{login: 'carol'}],
      },
      [`PATCH ${one}`]: simple,
      [`GET ${one}/files`]: [{filename: 'new.yaml', previous_filename: 'old.yaml'}, {filename: 'web.yaml'}],
      [`GET ${one}/reviews`]: [
        {
          id: 1,
          user: {login: 'bob'},
          state: 'REQUEST_CHANGES',
          body: 'No.',
          submitted_at: at,
          comments_count: 1,
        },
      ],
      [`GET ${one}/reviews/{id}/comments`]: [
        {
          user: {login: 'bob'},
          body: 'Two?',
          created_at: '2026-01-02T00:00:00Z',
          path: 'web.yaml',
          position: 3,
          resolver: {login: 'ada'},
        },
      ],
      [`POST ${one}/requested_reviewers`]: [],
      [`POST ${one}/merge`]: {},
      [`GET ${of}/issues/{index}/comments`]: [
        {user: {login: 'dan'}, body: 'Why?', created_at: '2026-01-03T00:00:00Z'},
      ],
      [`POST ${of}/issues/{index}/labels`]: [],
      [`GET ${of}/labels`]: [{id: 5, name: 'gitops'}],
      [`GET ${of}/commits/{ref}/status`]: {
        statuses: [
          {context: 'build', status: 'success', target_url: 'https://ci.example.com/1'},
          {context: 'slow', status: 'pending', target_url: ''},
          {context: 'ci/test', status: 'failure', description: '2 failed'},
        ],
      },
      [`GET ${of}/branches/{branch}`]: {
        protected: true,
        required_approvals: 2,
        enable_status_check: true,
        status_check_contexts: ['ci/test', 'never-ran'],
        user_can_merge: true,
      },
    },
    opening: {title: 'WIP: Revert production', body: draft.body, head: draft.branch, base: 'main'},
    merging: {do: 'squash', head_commit_id: head, delete_branch_after_merge: true},
    files: ['new.yaml', 'old.yaml', 'web.yaml'],
  };
})();

const askedOfGitLab = new Set<string>();

for (const it of [github, gitlab, gitea]) {
  const {forge: kind} = it.repository;
  const start = async (t: TestContext) => {
    const server = await describedForge(t, it.repository, it.description, it.answers);
    if (it === gitlab) t.after(() => server.requests.forEach(name => void askedOfGitLab.add(name)));
    return server;
  };

  describe(`${kind}, by its published description`, () => {
    test('opens a draft with labels and reviewers', async t => {
      const server = await start(t);
      const {pullRequest, notes} = await server.forge.open(draft);
      server.done();
      assert.deepEqual(notes, []);
      assert.equal(pullRequest.number, 7);
      assert.equal(pullRequest.head, head);
      assert.equal(pullRequest.draft, true);
      assert.deepEqual(
        server.bodies.find(body => JSON.stringify(body)?.includes('Because.')),
        it.opening,
      );
      assert.ok(server.headers.every(({authorization}) => authorization === 'Bearer t0ken'));
    });

    test('finds it, and updates it', async t => {
      const server = await start(t);
      assert.equal((await server.forge.findOpen(draft))?.number, 7);
      const {title, body, labels, reviewers} = draft;
      const {notes} = await server.forge.update(7, {title, body, labels, reviewers});
      server.done();
      assert.deepEqual(notes, []);
    });

    test('lists what is open, forks too, and the files of one', async t => {
      const server = await start(t);
      const listed = await server.forge.list();
      assert.ok(listed.some(request => request.number === 7 && request.fork === null));
      assert.deepEqual((await server.forge.files(7)).sort(), it.files);
      server.done();
    });

    test('tells its state', async t => {
      const server = await start(t);
      const state: PullRequestState = await server.forge.state(7);
      server.done();
      const byName = (a: {name: string}, b: {name: string}) => (a.name < b.name ? -1 : 1);
      assert.deepEqual(
        [...(state.checks ?? [])].sort(byName).map(({name, result, url, summary, required}) => ({
          name,
          result,
          url,
          summary,
          required,
        })),
        [
          {name: 'build', result: 'passed', url: 'https://ci.example.com/1', summary: null, required: false},
          {name: 'ci/test', result: 'failed', url: null, summary: '2 failed', required: true},
          {name: 'never-ran', result: 'waiting', url: null, summary: null, required: true},
          {name: 'slow', result: 'running', url: null, summary: null, required: false},
        ],
      );
      assert.deepEqual(
        state.reviews.map(({author, verdict}) => `${author} ${verdict}`),
        ['bob changes-requested', 'carol requested'],
      );
      assert.deepEqual(
        state.comments.map(({author, body, file, line}) => `${author}: ${body} ${file}:${line}`),
        ['bob: No. null:null', 'bob: Two? web.yaml:3', 'dan: Why? null:null'],
      );
      assert.equal(state.mergeability.verdict, 'blocked');
      assert.deepEqual(state.protection?.approvals, 2);
      assert.equal(state.methods[0], 'squash');
    });

    test('merges the very commit that was seen', async t => {
      const server = await start(t);
      const merged = await server.forge.merge(7, {head, method: 'squash', deleteBranch: true});
      server.done();
      assert.deepEqual(merged, {merged: true, sha: newer, notes: []});
      assert.deepEqual(
        server.bodies.find(body => body !== undefined),
        it.merging,
      );
    });

    if (it === gitlab)
      test('tells what brought a commit, and what the user may do', async t => {
        const server = await start(t);
        assert.deepEqual(
          (await server.forge.ofCommit?.(head))?.map(request => request.number),
          [7],
        );
        assert.equal((await server.forge.rights('main')).straight, false);
        server.done();
      });
  });
}

// GitLab's description is not whole: the names say what of a request's answer is held to GitLab's Go client instead.
describe('what is asked of GitLab is in its OpenAPI description', () => {
  for (const {name, client} of gitlab.description.operations)
    test(
      client.length === 0 ? name : `${name}; of the answer from its Go client: ${client.join(', ')}`,
      () => {
        assert.ok(askedOfGitLab.has(name), 'no test above asks it');
      },
    );
});
