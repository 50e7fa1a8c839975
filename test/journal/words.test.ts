import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import test from 'node:test';
import {commandLine, errandWords, quoted} from '../../source/journal/command-line.ts';
import {shownArguments, shownUrl} from '../../source/journal/shown.ts';
import type {Errand} from '../../source/journal/types.ts';
import {journalRedactor} from '../../source/secrets/journal-entries.ts';
import {KnownSecrets} from '../../source/secrets/known.ts';

const api = 'https://10.0.0.1:6443/apis/apps/v1/namespaces/shop/deployments/web';

function toCluster(method: string, url: string): Errand {
  return {kind: 'request', to: 'cluster', method, url, context: 'prod eu'};
}

test('words are quoted as a shell reads them back', () => {
  const words = ['git', "it's", '$HOME', '', '-n 1', '`id`', 'a\nb', 'é'];
  const told = execFileSync('sh', ['-c', `printf '%s\\037' ${quoted(words)}`], {encoding: 'utf8'});
  assert.deepEqual(told.split('\u001F').slice(0, -1), words);
});

test('an errand as a line to paste: in its folder, with its context, and only reading', () => {
  const lines: [Errand, string][] = [
    [{kind: 'program', file: 'git', args: ['log', '-n', '1'], cwd: '/srv/a b'}, "git -C '/srv/a b' log -n 1"],
    [
      {kind: 'program', file: 'kustomize', args: ['build', '.'], cwd: '/srv/x'},
      '(cd /srv/x && kustomize build .)',
    ],
    [{kind: 'program', file: 'aws', args: ['sts'], cwd: null}, 'aws sts'],
    [
      toCluster('GET', `${api}?labelSelector=a%3Db`),
      "kubectl --context 'prod eu' get --raw '/apis/apps/v1/namespaces/shop/deployments/web?labelSelector=a%3Db'",
    ],
    [
      toCluster('PATCH', `${api}?dryRun=All`),
      "kubectl --context 'prod eu' get --raw /apis/apps/v1/namespaces/shop/deployments/web  # it was a PATCH, whose body is not kept: this reads the same place",
    ],
    [
      {kind: 'request', to: 'forge', method: 'GET', url: 'https://api.example/x?a=b&c', context: null},
      `curl -H "Authorization: $AUTHORIZATION" 'https://api.example/x?a=b&c'`,
    ],
    [
      {
        kind: 'request',
        to: 'registry',
        method: 'HEAD',
        url: 'https://r.example/v2/a/manifests/1',
        context: null,
      },
      'curl -I https://r.example/v2/a/manifests/1',
    ],
  ];
  for (const [errand, line] of lines) assert.equal(commandLine(errand), line);
});

test('in short: a path for a cluster, with the host for all else', () => {
  assert.equal(
    errandWords(toCluster('GET', `${api}?labelSelector=a%3Db`)),
    'GET /apis/apps/v1/namespaces/shop/deployments/web?labelSelector=a=b',
  );
  const registry: Errand = {
    kind: 'request',
    to: 'registry',
    method: 'GET',
    url: 'https://r.example/v2/a',
    context: null,
  };
  assert.equal(errandWords(registry), 'GET r.example/v2/a');
});

test('no password, token or signature is in what is shown', () => {
  assert.equal(
    shownUrl(new URL('https://jane:pw@host/x?access_token=abc&page=2#f')),
    'https://host/x?access_token=***&page=2',
  );
  assert.equal(
    shownUrl(new URL('https://store/x?sv=1&sig=abc'), new URL('https://registry/v2')),
    'https://store/x?***',
  );
  assert.deepEqual(
    shownArguments([
      'fetch',
      'https://jane:pw@host/x.git',
      '--token',
      'abc',
      '--password=pw',
      '--token',
      '--flag',
    ]),
    ['fetch', 'https://***@host/x.git', '--token', '***', '--password=***', '--token', '--flag'],
  );
});

test('known secret values are taken out of arguments, addresses and reasons', () => {
  const known = new KnownSecrets();
  const redact = journalRedactor(known);
  const entry = {
    id: 1,
    question: null,
    errand: {kind: 'program', file: 'helm', args: ['--set', 'password=correct-horse'], cwd: null},
    startedAt: 0,
    tookMs: 1,
    outcome: 'failed',
    says: 'no login with correct-horse',
    bytes: null,
  } as const;
  assert.equal(redact(entry).says, entry.says);
  known.add('correct-horse');
  const {errand, says} = redact(entry);
  assert.deepEqual(
    [errand.kind === 'program' && errand.args, says],
    [['--set', 'password=***'], 'no login with ***'],
  );
});
