import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {compareUrl} from '../../source/forges/compare-url.ts';
import {parseRemoteUrl} from '../../source/forges/remote-url.ts';
import type {ForgeRepository} from '../../source/forges/types.ts';

const at = (forge: ForgeRepository['forge'], host: string, path: string) => ({forge, host, path});

describe('parseRemoteUrl', () => {
  const cases: [url: string, expected: ForgeRepository | null][] = [
    ['https://github.com/shop/environments.git', at('github', 'github.com', 'shop/environments')],
    ['https://github.com/shop/environments/', at('github', 'github.com', 'shop/environments')],
    ['https://user:token@github.com/shop/environments', at('github', 'github.com', 'shop/environments')],
    ['git@github.com:shop/environments.git', at('github', 'github.com', 'shop/environments')],
    ['github.com:shop/environments.git', at('github', 'github.com', 'shop/environments')],
    ['git@github.com:/shop/environments.git', at('github', 'github.com', 'shop/environments')],
    ['ssh://git@ssh.github.com:443/shop/environments.git', at('github', 'github.com', 'shop/environments')],
    ['git+ssh://git@github.com/shop/environments', at('github', 'github.com', 'shop/environments')],
    ['ssh://git@GitHub.com/shop/environments', at('github', 'github.com', 'shop/environments')],
    ['https://acme.ghe.com/shop/environments', at('github', 'acme.ghe.com', 'shop/environments')],
    ['https://github.acme.example:8443/shop/e.git', at('github', 'github.acme.example:8443', 'shop/e')],
    ['ssh://git@github.acme.example:2222/shop/e.git', at('github', 'github.acme.example', 'shop/e')],
    ['git@gitlab.com:group/sub/deep/e.git', at('gitlab', 'gitlab.com', 'group/sub/deep/e')],
    ['ssh://git@altssh.gitlab.com:443/group/e.git', at('gitlab', 'gitlab.com', 'group/e')],
    ['https://gitlab.acme.example/a/b/c', at('gitlab', 'gitlab.acme.example', 'a/b/c')],
    ['https://codeberg.org/shop/e.git', at('gitea', 'codeberg.org', 'shop/e')],
    ['git@forgejo.acme.example:shop/e.git', at('gitea', 'forgejo.acme.example', 'shop/e')],
    ['git@bitbucket.org:shop/e.git', at('bitbucket', 'bitbucket.org', 'shop/e')],
    ['https://git.acme.example/scm/shop/e.git', at('bitbucket-data-center', 'git.acme.example', 'shop/e')],
    ['ssh://git@git.acme.example:7999/~ada/e.git', at('bitbucket-data-center', 'git.acme.example', '~ada/e')],
    ['https://dev.azure.com/acme/Web%20Shop/_git/e', at('azure-devops', 'dev.azure.com', 'acme/Web Shop/e')],
    ['https://acme@dev.azure.com/acme/shop/_git/e', at('azure-devops', 'dev.azure.com', 'acme/shop/e')],
    ['https://dev.azure.com/acme/_git/e', at('azure-devops', 'dev.azure.com', 'acme/e/e')],
    ['git@ssh.dev.azure.com:v3/acme/shop/e', at('azure-devops', 'dev.azure.com', 'acme/shop/e')],
    [
      'https://acme.visualstudio.com/DefaultCollection/shop/_git/e',
      at('azure-devops', 'dev.azure.com', 'acme/shop/e'),
    ],
    ['https://git.acme.example/shop/e.git', null],
    ['https://notgithub.com.evil.example/shop/e', null],
    ['https://github.com/shop', null],
    ['https://github.com/shop/e/extra', null],
    ['https://github.com/shop/..', null],
    ['https://github.com/%2e%2e/%2e%2e', null],
    ['https://github.com/shop/a%0Ab', null],
    ['https://github.com/shop/%zz', null],
    ['/srv/git/shop.git', null],
    ['../shop.git', null],
    ['C:\\git\\shop', null],
    ['C:/git/shop', null],
    ['file:///srv/git/github.com/shop', null],
    ['ext::sh -c whoami', null],
    ['', null],
  ];
  for (const [url, expected] of cases)
    test(url || 'nothing', () => assert.deepEqual(parseRemoteUrl(url), expected));

  test('a host that no name gives away can be told', () => {
    const known = {'git.acme.example': 'gitea'} as const;
    assert.deepEqual(
      parseRemoteUrl('https://git.acme.example/shop/e.git', known),
      at('gitea', 'git.acme.example', 'shop/e'),
    );
  });
});

test('compareUrl leads to the form of each forge, whatever the branches are called', () => {
  const urls = (
    [
      ['github', 'github.com', 'shop/e'],
      ['gitlab', 'gitlab.com', 'group/sub/e'],
      ['gitea', 'codeberg.org', 'shop/e'],
      ['bitbucket', 'bitbucket.org', 'shop/e'],
      ['bitbucket-data-center', 'git.acme.example', '~ada/e'],
      ['azure-devops', 'dev.azure.com', 'acme/Web Shop/e'],
    ] as const
  ).map(([forge, host, path]) => compareUrl({forge, host, path}, 'main', 'gitops-tui/a&b#c'));
  assert.deepEqual(urls, [
    'https://github.com/shop/e/compare/main...gitops-tui/a%26b%23c?expand=1',
    'https://gitlab.com/group/sub/e/-/merge_requests/new?merge_request%5Bsource_branch%5D=gitops-tui%2Fa%26b%23c&merge_request%5Btarget_branch%5D=main',
    'https://codeberg.org/shop/e/compare/main...gitops-tui/a%26b%23c',
    'https://bitbucket.org/shop/e/pull-requests/new?source=gitops-tui%2Fa%26b%23c&dest=main',
    'https://git.acme.example/users/ada/repos/e/pull-requests?create&sourceBranch=gitops-tui%2Fa%26b%23c&targetBranch=main',
    'https://dev.azure.com/acme/Web%20Shop/_git/e/pullrequestcreate?sourceRef=gitops-tui%2Fa%26b%23c&targetRef=main',
  ]);
});
