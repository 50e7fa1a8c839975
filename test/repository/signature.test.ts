import assert from 'node:assert/strict';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {run} from '../../source/process/run.ts';
import {openRepository} from '../../source/repository/open.ts';
import {signatureHeader, verifySignatures} from '../../source/repository/signature.ts';
import {trustedPrograms} from '../../source/repository/trusted-programs.ts';
import type {Signature} from '../../source/repository/types.ts';
import {type GitFolder, newRepository, temporaryFolder} from './git-folder.ts';

/** A repository, a keyring of its own and the user's configuration, all of this test. */
async function setting(context: TestContext) {
  const base = temporaryFolder(context);
  const folder = await newRepository(path.join(base, 'repo'));
  // Agents listen on sockets, whose paths may not be long.
  const keyring = mkdtempSync(path.join(tmpdir(), 'gpg-'));
  const config = path.join(base, 'config');
  writeFileSync(config, '');
  const before = {home: process.env['GNUPGHOME'], config: process.env['GIT_CONFIG_GLOBAL']};
  process.env['GNUPGHOME'] = keyring;
  process.env['GIT_CONFIG_GLOBAL'] = config;
  context.after(async () => {
    await run('gpgconf', ['--homedir', keyring, '--kill', 'all']).catch(() => {});
    if (before.home === undefined) delete process.env['GNUPGHOME'];
    else process.env['GNUPGHOME'] = before.home;
    process.env['GIT_CONFIG_GLOBAL'] = before.config;
    rmSync(keyring, {recursive: true, force: true, maxRetries: 3});
  });
  const user = async (key: string, value: string) => {
    await folder.git('config', '--file', config, key, value);
  };
  return {base, folder, keyring, user};
}

async function ok(program: string, ...args: string[]): Promise<string> {
  const result = await run(program, args);
  assert.equal(result.exitCode, 0, `${program}: ${result.stderr}`);
  return result.stdout;
}

async function verified(folder: GitFolder, ...revisions: string[]): Promise<Signature[]> {
  const {git, resolve} = await openRepository(folder.root);
  const shas = await Promise.all(revisions.map(revision => resolve(revision)));
  const found = new Map<string, Signature>();
  await verifySignatures(git, shas, (sha, signature) => found.set(sha, signature));
  return shas.map(sha => found.get(sha) ?? assert.fail(`nothing was told of ${sha}`));
}

/** A commit with the words of another and its signature. */
async function forged(folder: GitFolder, base: string): Promise<string> {
  const raw = (await ok('git', '-C', folder.root, 'cat-file', 'commit', 'HEAD')).replace(
    /\n\n.*/,
    '\n\nForged',
  );
  const file = path.join(base, 'forged');
  writeFileSync(file, raw);
  return folder.git('hash-object', '-t', 'commit', '-w', file);
}

async function sshKey(base: string, name: string) {
  const file = path.join(base, name);
  await ok('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file);
  return {file, public: readFileSync(`${file}.pub`, 'utf8').trim()};
}

const signed = async (folder: GitFolder, message: string, ...config: string[]) =>
  folder.git(...config.flatMap(entry => ['-c', entry]), 'commit', '-q', '-S', '--allow-empty', '-m', message);

describe('verifySignatures', () => {
  test('SSH: good by an allowed signer, else unknown, bad, expired, revoked, or not to be checked', async context => {
    const {base, folder, user} = await setting(context);
    const [known, stranger] = [await sshKey(base, 'known'), await sshKey(base, 'stranger')];
    await folder.commit('unsigned');
    const withKey = (file: string) => ['gpg.format=ssh', `user.signingKey=${file}`];
    await signed(folder, 'by a stranger', ...withKey(stranger.file));
    await signed(folder, 'by one who is known', ...withKey(known.file));
    const bad = await forged(folder, base);
    const all = ['HEAD', 'HEAD~1', 'HEAD~2', bad];
    const verdicts = async () => (await verified(folder, ...all)).map(({verdict}) => verdict);

    // git itself calls this unsigned.
    const [nobody] = await verified(folder, 'HEAD');
    assert.equal(nobody?.verdict, 'unchecked');
    assert.match(nobody?.reason ?? '', /allowedSignersFile/);

    const allowed = path.join(base, 'allowed');
    writeFileSync(allowed, `ada@example.com ${known.public}\n`);
    await user('gpg.ssh.allowedSignersFile', allowed);
    const [good, unknown, none, wrong] = await verified(folder, ...all);
    assert.deepEqual(
      [good?.verdict, good?.signer, good?.reason, good?.key?.startsWith('SHA256:')],
      ['good', 'ada@example.com', null, true],
    );
    assert.deepEqual([unknown?.verdict, unknown?.signer], ['unknown-signer', null]);
    assert.deepEqual(none, {verdict: 'none', signer: null, key: null, reason: null});
    assert.equal(wrong?.verdict, 'bad');

    const over = `ada@example.com valid-before="20200101" ${known.public}\n`;
    writeFileSync(allowed, over);
    assert.deepEqual((await verdicts()).slice(0, 2), ['expired', 'unknown-signer']);

    writeFileSync(allowed, `ada@example.com ${known.public}\n`);
    const revoked = path.join(base, 'revoked');
    writeFileSync(revoked, `${known.public}\n`);
    await user('gpg.ssh.revocationFile', revoked);
    assert.equal((await verdicts())[0], 'revoked');

    // git itself calls these bad.
    await user('gpg.ssh.program', path.join(base, 'missing'));
    assert.deepEqual(await verdicts(), ['unchecked', 'unchecked', 'none', 'unchecked']);
    assert.match((await verified(folder, 'HEAD'))[0]?.reason ?? '', /missing is not there/);
    await user('gpg.ssh.program', 'ssh-keygen');
    rmSync(allowed);
    assert.equal((await verdicts())[0], 'unchecked');
  });

  test('SSH: says where the repository itself names the allowed signers', async context => {
    const {base, folder} = await setting(context);
    const key = await sshKey(base, 'known');
    await signed(folder, 'signed', 'gpg.format=ssh', `user.signingKey=${key.file}`);
    writeFileSync(path.join(base, 'allowed'), `ada@example.com ${key.public}\n`);
    await folder.git('config', 'gpg.ssh.allowedSignersFile', path.join(base, 'allowed'));
    const [signature] = await verified(folder, 'HEAD');
    assert.equal(signature?.verdict, 'good');
    assert.match(signature?.reason ?? '', /this repository/);
  });

  test('OpenPGP: good, bad, by nobody known, without the key, without the program', async context => {
    const {base, folder, keyring, user} = await setting(context);
    const id = 'Ada Lovelace <ada@example.com>';
    await ok(
      'gpg',
      '--batch',
      '--quiet',
      '--passphrase',
      '',
      '--quick-gen-key',
      id,
      'ed25519',
      'sign',
      'never',
    );
    await signed(folder, 'signed');
    const bad = await forged(folder, base);
    const [good, wrong] = await verified(folder, 'HEAD', bad);
    assert.deepEqual([good?.verdict, good?.signer, good?.reason], ['good', id, null]);
    assert.match(good?.key ?? '', /^[0-9A-F]{16}$/);
    assert.deepEqual([wrong?.verdict, wrong?.signer], ['bad', id]);

    const publicKey = await ok('gpg', '--armor', '--export');
    const other = path.join(keyring, 'other');
    mkdirSync(other, {mode: 0o700});
    process.env['GNUPGHOME'] = other;
    const [missing] = await verified(folder, 'HEAD');
    assert.deepEqual(
      [missing?.verdict, missing?.reason],
      ['unchecked', 'its public key is not in your keyring'],
    );

    writeFileSync(path.join(base, 'key'), publicKey);
    await ok('gpg', '--batch', '--quiet', '--import', path.join(base, 'key'));
    const [unknown] = await verified(folder, 'HEAD');
    assert.deepEqual([unknown?.verdict, unknown?.signer], ['unknown-signer', id]);

    await user('gpg.program', path.join(base, 'missing'));
    const [unchecked] = await verified(folder, 'HEAD');
    assert.equal(unchecked?.verdict, 'unchecked');
    assert.match(unchecked?.reason ?? '', /missing is not there/);
    await run('gpgconf', ['--homedir', other, '--kill', 'all']).catch(() => {});
  });

  test('runs no program that the repository names', async context => {
    const {base, folder, user} = await setting(context);
    const key = await sshKey(base, 'key');
    await signed(folder, 'ssh', 'gpg.format=ssh', `user.signingKey=${key.file}`);
    const evil = path.join(base, 'evil');
    writeFileSync(evil, `#!/bin/sh\ntouch ${base}/RAN\n`, {mode: 0o755});
    writeFileSync(path.join(base, 'allowed'), `ada@example.com ${key.public}\n`);
    await user('gpg.ssh.allowedSignersFile', path.join(base, 'allowed'));
    for (const name of ['gpg.program', 'gpg.openpgp.program', 'gpg.ssh.program', 'gpg.ssh.defaultKeyCommand'])
      await folder.git('config', name, evil);
    assert.equal((await verified(folder, 'HEAD'))[0]?.verdict, 'good');
    assert.equal(existsSync(path.join(base, 'RAN')), false);

    const {git} = await openRepository(folder.root);
    await user('gpg.program', 'gpg2');
    assert.deepEqual(
      (await trustedPrograms(git)).sort(([a], [b]) => a.localeCompare(b)),
      [
        ['gpg.openpgp.program', 'gpg2'],
        ['gpg.program', 'gpg2'],
        ['gpg.ssh.defaultkeycommand', ''],
        ['gpg.ssh.program', 'ssh-keygen'],
      ],
    );
  });

  test('without a program of the repository, the settings stay as they are', async context => {
    const {folder, user} = await setting(context);
    await user('gpg.program', 'gpg2');
    assert.deepEqual(await trustedPrograms((await openRepository(folder.root)).git), []);
  });
});

test('signatureHeader', () => {
  const commit = (headers: string, message: string) => Buffer.from(`tree x\n${headers}\n${message}`);
  assert.equal(signatureHeader(commit('gpgsig -----BEGIN PGP\n x\n', 'm')), '-----BEGIN PGP');
  assert.equal(
    signatureHeader(commit('gpgsig-sha256 -----BEGIN SSH SIGNATURE-----\n', 'm')),
    '-----BEGIN SSH SIGNATURE-----',
  );
  assert.equal(signatureHeader(commit('', 'gpgsig -----BEGIN PGP')), null, 'a message is none');
});
