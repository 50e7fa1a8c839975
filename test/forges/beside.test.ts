import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ForgeError} from '../../source/forges/error.ts';
import {followPullRequest, type Seen} from '../../source/forges/follow.ts';
import {openingPush, pageInPushAnswer} from '../../source/forges/push-options.ts';
import {pullRequestTemplate} from '../../source/forges/template.ts';
import {environmentsTouched} from '../../source/forges/touching.ts';
import type {Check, ForgeKind, PullRequest, PullRequestState} from '../../source/forges/types.ts';

const head = 'a'.repeat(40);
const request: PullRequest = {
  number: 1,
  url: 'https://github.com/shop/e/pull/1',
  title: 'T',
  state: 'open',
  draft: false,
  author: 'ada',
  branch: 'x',
  base: 'main',
  head,
  fork: null,
  updatedAt: null,
};

describe('pullRequestTemplate', () => {
  const cases: [forge: ForgeKind, files: string[], expected: string | null][] = [
    [
      'github',
      ['README.md', '.github/PULL_REQUEST_TEMPLATE.md', 'docs/pull_request_template.md'],
      '.github/PULL_REQUEST_TEMPLATE.md',
    ],
    ['github', ['docs/pull_request_template.txt'], 'docs/pull_request_template.txt'],
    ['github', ['.gitlab/merge_request_templates/Default.md', 'pull_request_template.md.orig'], null],
    ['gitlab', ['.gitlab/merge_request_templates/Default.md'], '.gitlab/merge_request_templates/Default.md'],
    ['gitlab', ['.gitlab/merge_request_templates/Other.md'], null],
    [
      'gitea',
      ['.github/pull_request_template.md', '.gitea/pull_request_template.md'],
      '.gitea/pull_request_template.md',
    ],
    [
      'azure-devops',
      ['.azuredevops/pull_request_template.md', '.azuredevops/pull_request_template/branches/main.md'],
      '.azuredevops/pull_request_template/branches/main.md',
    ],
    ['bitbucket', ['.github/pull_request_template.md'], null],
  ];
  for (const [forge, files, expected] of cases)
    test(`${forge}: ${files.join(', ')}`, () =>
      assert.equal(pullRequestTemplate(forge, 'main', files), expected));
});

test('environmentsTouched pairs pull requests with the environments that they change', async () => {
  const files: Record<number, string[]> = {
    1: ['environments/production/web.yaml'],
    2: ['environments/production-eu/web.yaml', 'base/web.yaml'],
    3: ['environments/production/web.yaml'],
    4: ['README.md'],
  };
  const asked: number[] = [];
  const forge = {
    files: async (number: number) => {
      asked.push(number);
      if (number === 6) throw new ForgeError('not-found', 'gone');
      return files[number] ?? [];
    },
  };
  const open = [
    request,
    {...request, number: 2},
    {...request, number: 3, base: 'env/staging'},
    {...request, number: 4},
    {...request, number: 5, base: 'nobodys'},
    {...request, number: 6},
  ];
  const found = await environmentsTouched(forge, open, [
    {name: 'production', path: 'environments/production', branch: 'main', files: new Set(['base/web.yaml'])},
    {name: 'production-eu', path: 'environments/production-eu', branch: 'main'},
    {name: 'staging', path: '', branch: 'env/staging'},
  ]);
  assert.deepEqual(
    [...found].sort(([a], [b]) => a - b),
    [
      [1, ['production']],
      [2, ['production', 'production-eu']],
      [3, ['staging']],
      [4, []],
      [5, []],
      // Whose files can't be told touches all that come from its base.
      [6, ['production', 'production-eu']],
    ],
  );
  assert.deepEqual(asked.sort(), [1, 2, 3, 4, 6]);
  const limited = {
    files: async () => {
      throw new ForgeError('rate-limited', 'later');
    },
  };
  await assert.rejects(
    environmentsTouched(limited, [request], [{name: 'a', path: '', branch: null}]),
    /later/,
  );
});

describe('followPullRequest', () => {
  const state = (changes: Partial<PullRequestState>): PullRequestState => ({
    pullRequest: request,
    checks: [],
    reviews: [],
    comments: [],
    mergeability: {verdict: 'allowed', reasons: []},
    protection: null,
    methods: ['merge'],
    ...changes,
  });
  const running: Check = {name: 'ci', result: 'running', required: true, url: null, summary: null};
  const merged = state({pullRequest: {...request, state: 'merged'}});

  async function follow(answers: (PullRequestState | Error)[]) {
    const pauses: number[] = [];
    const seen: Seen[] = [];
    const forge = {
      state: async () => {
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
        return answer;
      },
    };
    const wait = async (ms: number) => pauses.push(ms);
    const options = {busyMs: 1000, idleMs: 9000, wait, now: () => 0};
    for await (const item of followPullRequest(forge, 1, options)) seen.push(item);
    return {pauses, seen};
  }

  test('looks more often while something runs, and ends with the pull request', async () => {
    const busy = state({checks: [running]});
    const checking = state({mergeability: {verdict: 'checking', reasons: []}});
    const {pauses, seen} = await follow([busy, checking, state({}), merged]);
    assert.deepEqual(pauses, [1000, 1000, 9000]);
    assert.deepEqual(
      seen.map(item => item.state?.pullRequest.state),
      ['open', 'open', 'open', 'merged'],
    );
  });

  test('a failure keeps what was seen, and is tried again later each time; a rate limit at its end', async () => {
    const down = new ForgeError('unreachable', 'down');
    const limited = new ForgeError('rate-limited', 'slow', 429, new Date(600_000));
    const {pauses, seen} = await follow([state({}), down, down, limited, merged]);
    assert.deepEqual(pauses, [9000, 2000, 4000, 600_000]);
    assert.deepEqual(
      seen.map(item => item.error?.message ?? null),
      [null, 'down', 'down', 'slow', null],
    );
    assert.equal(seen[1]?.state?.pullRequest.number, 1);
  });

  test('a mistake of ours is not hidden', async () => {
    await assert.rejects(follow([new TypeError('oops')]), /oops/);
  });

  test('ends when it is aborted', async () => {
    const controller = new AbortController();
    const forge = {state: async () => state({})};
    let count = 0;
    for await (const _ of followPullRequest(forge, 1, {signal: controller.signal})) {
      count++;
      controller.abort();
    }
    assert.equal(count, 1);
  });
});

describe('openingPush', () => {
  const draft = {
    base: 'main',
    branch: 'gitops-tui/x',
    title: 'One\nline',
    body: 'Two\nlines',
    draft: true,
    labels: ['a'],
  };

  test('GitLab opens from push options, each of one line', () => {
    assert.deepEqual(openingPush('gitlab', draft), {
      ref: 'refs/heads/gitops-tui/x',
      options: [
        'merge_request.create',
        'merge_request.target=main',
        'merge_request.title=One line',
        'merge_request.description=Two\\nlines',
        'merge_request.draft',
        'merge_request.label=a',
      ],
    });
  });

  test('the others have none', () => assert.equal(openingPush('github', draft), null));

  test('the page is found in the answer, of this host only', () => {
    const answer = (url: string) =>
      `remote: \nremote: View merge request for x:\nremote:   ${url}\nremote: \n`;
    const page = 'https://gitlab.com/a/b/-/merge_requests/7';
    assert.equal(pageInPushAnswer(answer(page), 'gitlab.com'), page);
    assert.equal(pageInPushAnswer(answer(page), 'gitlab.acme.example'), null);
    assert.equal(
      pageInPushAnswer(answer('https://gitlab.com/a/b/-/merge_requests/new?x=1'), 'gitlab.com'),
      null,
    );
  });
});
