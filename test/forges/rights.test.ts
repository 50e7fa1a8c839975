import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ForgeError} from '../../source/forges/error.ts';
import type {ForgeRepository, PullRequestDraft, Rights} from '../../source/forges/types.ts';
import type {Json} from '../../source/resources/json.ts';
import {Description} from './description.ts';
import {describedForge, type Script, scriptedForge} from './scripted-forge.ts';

const head = '9be01d4c0ffee9be01d4c0ffee9be01d4c0ffee9';
const draft: PullRequestDraft = {base: 'main', branch: 'fix', title: 'Fix', body: '', draft: false};

/** The forges whose descriptions are here. */
type Described = ForgeRepository & {forge: 'github' | 'gitlab' | 'gitea'};

const github = {forge: 'github', host: 'github.com', path: 'shop/e'} as const;
const gitlab = {forge: 'gitlab', host: 'gitlab.com', path: 'shop/e'} as const;
const gitea = {forge: 'gitea', host: 'codeberg.org', path: 'shop/e'} as const;
const hub = '/repos/{owner}/{repo}';
const lab = '/api/v4/projects/{id}';
const reviews = `GET ${hub}/branches/{branch}/protection/required_pull_request_reviews`;

const ask = (repository: Described, answers: Record<string, Json>) => ({repository, answers});
/** What nobody has protected, as a user sees it who may push; each case says what is different. */
const githubWith = (more: {
  about?: Json;
  branch?: Json;
  rules?: Json;
  reviews?: Json;
}): {repository: Described; answers: Record<string, Json>} =>
  ask(github, {
    [`GET ${hub}`]: more.about ?? {permissions: {admin: false, push: true, pull: true}},
    [`GET ${hub}/branches/{branch}`]: more.branch ?? {protected: false, protection: {}},
    [`GET ${hub}/rules/branches/{branch}`]: more.rules ?? [],
    ...(more.reviews === undefined ? {} : {[reviews]: more.reviews}),
  });

const cases: [what: string, asked: {repository: Described; answers: Record<string, Json>}, rights: Rights][] =
  [
    ['GitHub: nothing protects it', githubWith({}), {push: true, straight: true, reason: null, forkOf: null}],
    [
      'GitHub: a reader, of a fork',
      githubWith({
        about: {permissions: {admin: false, push: false, pull: true}, parent: {full_name: 'origin/e'}},
      }),
      {
        push: false,
        straight: false,
        reason: 'GitHub lets you read this repository, not push to it',
        forkOf: 'origin/e',
      },
    ],
    [
      'GitHub: a ruleset wants a pull request',
      githubWith({rules: [{type: 'deletion'}, {type: 'pull_request'}]}),
      {
        push: true,
        straight: false,
        reason: 'GitHub protects main: its rules want a pull request',
        forkOf: null,
      },
    ],
    [
      'GitHub: the classic protection does, as an administrator sees it',
      githubWith({
        about: {permissions: {admin: true, push: true, pull: true}},
        branch: {protected: true, protection: {}},
        reviews: {required_approving_review_count: 1},
      }),
      {
        push: true,
        straight: false,
        reason: 'GitHub protects main: its rules want a pull request',
        forkOf: null,
      },
    ],
    [
      'GitHub: protected, by rules that only administrators see',
      githubWith({branch: {protected: true, protection: {}}}),
      {
        push: true,
        straight: null,
        reason: 'GitHub protects main, and shows its rules to administrators only',
        forkOf: null,
      },
    ],
    [
      'GitHub: the classic protection wants checks',
      githubWith({
        branch: {protected: true, protection: {required_status_checks: {contexts: ['ci'], checks: []}}},
      }),
      {
        push: true,
        straight: false,
        reason: 'GitHub protects main: its rules want checks to pass first',
        forkOf: null,
      },
    ],
    [
      'GitLab: a maintainer on a protected branch that lets maintainers push',
      ask(gitlab, {
        [`GET ${lab}`]: {permissions: {project_access: {access_level: 40}, group_access: null}},
        [`GET ${lab}/repository/branches/{branch}`]: {protected: true, can_push: true},
      }),
      {push: true, straight: true, reason: null, forkOf: null},
    ],
    [
      'GitLab: a developer on the same',
      ask(gitlab, {
        [`GET ${lab}`]: {permissions: {project_access: null, group_access: {access_level: 30}}},
        [`GET ${lab}/repository/branches/{branch}`]: {protected: true, can_push: false},
      }),
      {push: true, straight: false, reason: 'GitLab protects main from your pushes', forkOf: null},
    ],
    [
      'GitLab: a reporter',
      ask(gitlab, {
        [`GET ${lab}`]: {
          permissions: {project_access: {access_level: 20}, group_access: null},
          forked_from_project: {path_with_namespace: 'origin/e'},
        },
        [`GET ${lab}/repository/branches/{branch}`]: {protected: false, can_push: false},
      }),
      {
        push: false,
        straight: false,
        reason: 'GitLab lets you read this project, not push to it',
        forkOf: 'origin/e',
      },
    ],
    [
      'Gitea: protected from this user',
      ask(gitea, {
        [`GET ${hub}`]: {permissions: {push: true}},
        [`GET ${hub}/branches/{branch}`]: {protected: true, user_can_push: false},
      }),
      {push: true, straight: false, reason: 'Gitea protects main from your pushes', forkOf: null},
    ],
  ];

describe('what the user may do, by the published descriptions', () => {
  for (const [what, {repository, answers}, rights] of cases) {
    test(what, async t => {
      const description = new Description(repository.forge);
      const missing = answers[reviews] === undefined ? {[reviews]: {status: 404}} : {};
      const server = await describedForge(t, repository, description, answers, missing);
      assert.deepEqual(await server.forge.rights('main'), rights);
      server.done();
    });
  }

  test('rules that the token may not see are not known, which is not that there are none', async t => {
    const server = await scriptedForge(t, github, {
      'GET /repos/shop/e': {json: {permissions: {push: true}}},
      'GET /repos/shop/e/branches/main': {json: {protected: false}},
      'GET /repos/shop/e/rules/branches/main': {status: 403, json: {message: 'Upgrade to GitHub Pro'}},
      'GET /repos/shop/e/branches/main/protection/required_pull_request_reviews': {status: 403, json: {}},
    });
    const {straight, reason} = await server.forge.rights('main');
    assert.deepEqual([straight, reason], [null, 'GitHub does not show the token the rules of main']);
    server.done();
  });

  test('Azure DevOps: a blocking policy of pull requests; one on file sizes is none', async t => {
    const repository = {forge: 'azure-devops', host: 'dev.azure.com', path: 'acme/shop/e'} as const;
    const policy = (id: string, more = {}) => ({isEnabled: true, isBlocking: true, type: {id}, ...more});
    const size = policy('2e26e725-8201-4edd-8bf5-978563c34a80');
    const approvals = 'fa4e907d-c16b-4a4c-9dfa-4906e5d171dd';
    const straight = async (value: Json[]) => {
      const script: Script = {
        'GET /acme/shop/_apis/git/repositories/e': {json: {id: 'r-1'}},
        'GET /acme/shop/_apis/git/policy/configurations': {json: {value}},
      };
      const server = await scriptedForge(t, repository, script);
      const rights = await server.forge.rights('main');
      server.done();
      assert.match(server.requests[1] ?? '', /repositoryId=r-1&refName=refs%2Fheads%2Fmain/);
      return rights.straight;
    };
    assert.equal(await straight([size, policy(approvals)]), false);
    assert.equal(await straight([size, policy(approvals, {isBlocking: false})]), null);
    assert.equal(await straight([size, policy(approvals, {isEnabled: false})]), null);
  });
});

describe('a pull request from a fork, by the published descriptions', () => {
  const across = {...draft, fork: 'ada/e'};

  test('GitHub: the head names its owner and repository; the found one is of that fork', async t => {
    const side = (ref: string, repo: string) => ({ref, sha: head, repo: {full_name: repo}});
    const request = (number: number, from: string) => ({
      number,
      html_url: `https://github.com/shop/e/pull/${number}`,
      title: 'Fix',
      state: 'open',
      user: {login: 'ada'},
      updated_at: '2026-01-01T00:00:00Z',
      head: side('fix', from),
      base: side('main', 'shop/e'),
    });
    const server = await describedForge(t, github, new Description('github'), {
      [`GET ${hub}/pulls`]: [request(7, 'ada/other'), request(8, 'Ada/e')],
      [`POST ${hub}/pulls`]: request(8, 'Ada/e'),
    });
    assert.equal((await server.forge.findOpen(across))?.number, 8);
    assert.equal(await server.forge.findOpen(draft), null);
    assert.equal((await server.forge.open(across)).pullRequest.fork, 'Ada/e');
    server.done();
    const body = server.bodies.at(-1);
    assert.deepEqual(body, {
      title: 'Fix',
      body: '',
      head: 'ada:fix',
      head_repo: 'e',
      base: 'main',
      draft: false,
    });
  });

  test('GitLab: it is made in the fork, for the project', async t => {
    const request = {
      iid: 8,
      web_url: 'https://gitlab.com/shop/e/-/merge_requests/8',
      title: 'Fix',
      state: 'opened',
      updated_at: '2026-01-01T00:00:00Z',
      source_branch: 'fix',
      target_branch: 'main',
      sha: head,
      source_project_id: 4,
      target_project_id: 3,
    };
    const server = await describedForge(t, gitlab, new Description('gitlab'), {
      [`GET ${lab}`]: {id: 4},
      [`GET ${lab}/merge_requests`]: [request],
      [`POST ${lab}/merge_requests`]: request,
    });
    assert.equal((await server.forge.findOpen(across))?.number, 8);
    assert.equal(await server.forge.findOpen(draft), null);
    await server.forge.open(across);
    server.done();
    const sent = server.bodies.at(-1);
    assert.deepEqual(sent, {
      target_project_id: 4,
      description: '',
      source_branch: 'fix',
      target_branch: 'main',
      title: 'Fix',
    });
    assert.equal(server.paths.at(-1), '/api/v4/projects/ada%2Fe/merge_requests');
  });

  test('what no words are known for is not tried', async t => {
    const repository = {forge: 'bitbucket', host: 'bitbucket.org', path: 'shop/e'} as const;
    const server = await scriptedForge(t, repository, {});
    assert.equal(await server.forge.findOpen(across), null);
    await assert.rejects(server.forge.open(across), (error: unknown) => {
      assert.ok(error instanceof ForgeError);
      assert.match(error.message, /is opened on the page of ada\/e/);
      return true;
    });
    assert.deepEqual(server.requests, []);
  });
});
