import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import test from 'node:test';
import {forgeTransport} from '../../source/forges/transport.ts';
import {begin, Journal} from '../../source/journal/journal.ts';
import {ProcessError, run, runStreaming} from '../../source/process/run.ts';
import {ask} from '../../source/registries/transport.ts';

const node = process.execPath;

test('a program that is run for a question is noted with its arguments, folder, exit code and size', async () => {
  const journal = new Journal();
  const options = {cwd: tmpdir()};
  await journal.within('revisions production', () => run(node, ['-e', 'console.log("four")'], options));
  const [entry] = journal.entries();
  assert.equal(entry?.question, 'revisions production');
  assert.deepEqual(entry?.errand, {
    kind: 'program',
    file: node,
    args: ['-e', 'console.log("four")'],
    cwd: tmpdir(),
  });
  assert.deepEqual([entry?.outcome, entry?.says, entry?.bytes], ['ok', 'exit 0', 5]);
  assert.ok((entry?.tookMs ?? -1) >= 0);
});

test('what runs outside a question is noted by nobody, and its words are not even made', async () => {
  const journal = new Journal();
  await run(node, ['-e', '']);
  assert.equal(
    begin(() => assert.fail('nobody asked')),
    undefined,
  );
  assert.deepEqual(journal.entries(), []);
});

test('what a question starts later, and what runs beside it, keeps its own question', async () => {
  const journal = new Journal();
  const ask = (question: string, waitMs: number) =>
    journal.within(question, async () => {
      await new Promise(resolve => setTimeout(resolve, waitMs));
      await run(node, ['-e', '']);
    });
  await Promise.all([ask('one', 1), ask('two', 0)]);
  assert.deepEqual(
    journal
      .entries()
      .map(({question}) => question)
      .sort(),
    ['one', 'two'],
  );
});

test('a refusal, a program that is missing and one that is cancelled are told apart', async () => {
  const journal = new Journal();
  const controller = new AbortController();
  await journal.within('a question', async () => {
    await run(node, ['-e', 'process.exitCode = 3']);
    await assert.rejects(run('there-is-no-such-program', []), ProcessError);
    const hangs = run(node, ['-e', 'setInterval(() => {}, 1000)'], {signal: controller.signal});
    assert.equal(journal.entries().at(-1)?.outcome, 'running');
    controller.abort();
    await assert.rejects(hangs, ProcessError);
    const streaming = runStreaming(node, ['-e', 'setInterval(() => {}, 1000)']);
    streaming.stop();
    await assert.rejects(streaming.ended, ProcessError);
  });
  const told = journal.entries().map(({outcome, says}) => [outcome, says]);
  assert.deepEqual(told, [
    ['refused', 'exit 3'],
    ['failed', 'there-is-no-such-program was not found on PATH'],
    ['cancelled', 'cancelled'],
    ['cancelled', 'cancelled'],
  ]);
});

test('it remembers the newest two thousand, and all that still run', () => {
  const journal = new Journal();
  const errand = {kind: 'program', file: 'git', args: [], cwd: null} as const;
  const endFirst = journal.begin('first', errand);
  for (let count = 0; count < 5000; count++)
    journal.begin('more', errand)({outcome: 'ok', says: 'exit 0', bytes: null});
  assert.equal(journal.entries()[0]?.question, 'first');
  assert.ok(journal.entries().length <= 2501, String(journal.entries().length));
  assert.equal(journal.entries().at(-1)?.id, 5001);
  endFirst({outcome: 'ok', says: 'exit 0', bytes: null});
  endFirst({outcome: 'failed', says: 'late', bytes: null});
  assert.equal(journal.entries()[0]?.outcome, 'ok');
});

test('requests to forges and registries are noted without token and signature, each hop by itself', async t => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/blob'))
      return void response.writeHead(307, {location: `/stored?X-Amz-Signature=s3cr3t`}).end();
    response.end('{"ok": true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const journal = new Journal();
  const fetch = forgeTransport({forge: 'github', root, authorization: 'Bearer t0k3n-of-the-user'});
  await journal.within('pull requests', () =>
    fetch(`${root}/repos/a/b/pulls?per_page=100&private_token=t0k3n`),
  );
  await journal.within('images', () =>
    ask({url: new URL(`${root}/blob`), authorization: 'Bearer abc', mostBytes: 1000}, undefined),
  );
  const told = journal
    .entries()
    .map(({question, errand, says, bytes}) => [
      question,
      errand.kind === 'request' ? `${errand.to} ${errand.method} ${errand.url.replace(root, '')}` : '',
      says,
      bytes,
    ]);
  assert.deepEqual(told, [
    ['pull requests', 'forge GET /repos/a/b/pulls?per_page=100&private_token=***', '200', 12],
    ['images', 'registry GET /blob', '307', 0],
    ['images', 'registry GET /stored?X-Amz-Signature=***', '200', 12],
  ]);
});
