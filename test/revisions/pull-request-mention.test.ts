import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mentionedPullRequest} from '../../source/revisions/pull-request-mention.ts';

const cases: readonly (readonly [subject: string, body: string, mark: string | null, url?: string])[] = [
  // GitHub: squash, merge, a revert of a squash.
  ['checkout: 3 replicas (#412)', '', '#412'],
  ['Merge pull request #412 from acme/hotfix', '', '#412'],
  ['Revert "checkout: 3 replicas (#412)" (#415)', '', '#415'],
  // Gitea.
  ["Merge pull request 'Three replicas (#9)' (#12) from hotfix into main", '', '#12'],
  [
    'Three replicas',
    'Reviewed-on: https://git.example/acme/shop/pulls/12\nReviewed-by: bob <b@x>',
    '#12',
    'https://git.example/acme/shop/pulls/12',
  ],
  // GitLab.
  ["Merge branch 'hotfix' into 'main'", 'Three replicas\n\nSee merge request acme/team/shop!12', '!12'],
  [
    'Three',
    'Merge-Request: https://gitlab.com/acme/shop/-/merge_requests/7/',
    '!7',
    'https://gitlab.com/acme/shop/-/merge_requests/7',
  ],
  // Bitbucket Cloud and Data Center, Azure DevOps.
  ['Merged in hotfix (pull request #31)', '', '#31'],
  ['Pull request #31: Three replicas', '', '#31'],
  ['Merge pull request #31 in SHOP/infra from hotfix to main', '', '#31'],
  ['Merged PR 31: Three replicas', '', '#31'],
  // None of these is one.
  ['checkout: 3 replicas', 'Fixes #412', null],
  ['Issue #412: more replicas', '', null],
  ['(#412) more replicas', '', null],
  ['Merge branch main', 'See merge request group/project!x', null],
  ['x', 'Reviewed-on: javascript:alert(1)/pulls/1', null],
  ['x (#99999999999999999999)', '', null],
];

for (const [subject, body, mark, url = null] of cases) {
  test(`${subject} ${body}`.slice(0, 60).replaceAll('\n', ' '), () => {
    const found = mentionedPullRequest({subject, body});
    assert.equal(found?.mark ?? null, mark);
    if (found === null) return;
    assert.equal(found.number, Number(found.mark.slice(1)));
    assert.equal(found.url, url);
  });
}
