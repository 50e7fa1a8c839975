import {gitWords} from './error.ts';
import {checkObjectId, type Git, type Setting} from './git.ts';
import {parseBatch} from './tree.ts';
import {trustedPrograms} from './trusted-programs.ts';
import type {Signature} from './types.ts';

/** Each signature is a program of its own. */
const parallel = 2;

/**
 * Verifies the signatures of commits, telling each as it is known: by GPG with the user's keyring, by SSH with the allowed
 * signers that git is configured with (`man git-config`, gpg.ssh.allowedSignersFile). Throws RepositoryError.
 */
export async function verifySignatures(
  git: Git,
  shas: readonly string[],
  tell: (sha: string, signature: Signature) => void,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = [...new Set(shas.map(checkObjectId))];
  if (wanted.length === 0) return;
  const raw = parseBatch(
    await git.bytes(['cat-file', '--batch'], {input: `${wanted.join('\n')}\n`, signal}),
    'commit',
  );
  const signed: {sha: string; isSsh: boolean}[] = [];
  for (const sha of wanted) {
    const header = signatureHeader(raw.get(sha) ?? Buffer.alloc(0));
    if (header === null) tell(sha, {verdict: 'none', signer: null, key: null, reason: null});
    else signed.push({sha, isSsh: header.includes('SSH SIGNATURE')});
  }
  if (signed.length === 0) return;
  const [programs, signers] = await Promise.all([trustedPrograms(git, signal), signersOf(git, signal)]);
  const queue = [...signed];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      tell(next.sha, await verify(git, next, programs, signers, signal));
  };
  await Promise.all(Array.from({length: parallel}, work));
}

/** The first line of the header that holds a commit's signature; null where it has none. */
export function signatureHeader(commit: Buffer): string | null {
  const headers = commit.toString('latin1').split('\n\n', 1)[0] ?? '';
  return /^gpgsig(?:-sha256)? (.*)$/m.exec(headers)?.[1] ?? null;
}

/** Whom SSH signatures are held to. */
interface Signers {
  isConfigured: boolean;
  /** True where the repository's own configuration says who they are. */
  isRepositorys: boolean;
  mayBeRevoked: boolean;
}

async function signersOf(git: Git, signal: AbortSignal | undefined): Promise<Signers> {
  const {stdout} = await git.result(
    ['config', '--show-scope', '-z', '--get-regexp', '^gpg\\.ssh\\.(allowedsigners|revocation)file$'],
    {signal, accept: [0, 1]},
  );
  const words = stdout.split('\0');
  const scopeOf = (key: string) => words[words.findLastIndex(word => word.startsWith(`${key}\n`)) - 1];
  const scope = scopeOf('gpg.ssh.allowedsignersfile');
  return {
    isConfigured: scope !== undefined,
    isRepositorys: scope === 'local' || scope === 'worktree',
    mayBeRevoked: scopeOf('gpg.ssh.revocationfile') !== undefined,
  };
}

async function verify(
  git: Git,
  {sha, isSsh}: {sha: string; isSsh: boolean},
  programs: readonly Setting[],
  signers: Signers,
  signal: AbortSignal | undefined,
): Promise<Signature> {
  if (isSsh && !signers.isConfigured)
    return unchecked('git is told of no allowed signers (gpg.ssh.allowedSignersFile)');
  // Not %GT: git 2.39 breaks off at it where there are no allowed signers.
  const {stdout, stderr} = await git.result(
    ['log', '--no-walk', '--no-patch', '-z', '--format=%G?%x00%GS%x00%GK%x00%GG', sha],
    {signal, config: programs},
  );
  const [code = '', signer = '', key = '', said = ''] = stdout.split('\0');
  const signature = judge(code, {isSsh, said: gitWords(said), stderr: gitWords(stderr)}, signers);
  return {...signature, signer: gitWords(signer) || null, key: gitWords(key) || null};
}

type Judged = Pick<Signature, 'verdict' | 'reason'>;

/** What `%G?` means, given what else was said: by itself it takes a program that is not there for a bad signature. */
function judge(
  code: string,
  {isSsh, said, stderr}: {isSsh: boolean; said: string; stderr: string},
  signers: Signers,
): Judged {
  const program = /cannot run (.+?): /.exec(stderr)?.[1];
  if (program !== undefined) return unchecked(`${program} is not there to check it`);
  if (/unable to open allowed keys file/i.test(said))
    return unchecked('the file of allowed signers is not there');
  switch (code) {
    case 'G':
      return {
        verdict: 'good',
        reason: isSsh && signers.isRepositorys ? 'by a list of signers that this repository names' : null,
      };
    case 'U': {
      if (/key has expired|key is not yet valid/.test(said))
        return {verdict: 'expired', reason: 'the key was not valid at that time'};
      const reason = isSsh ? 'not one of the allowed signers' : 'nothing says whose key that is';
      return {verdict: 'unknown-signer', reason};
    }
    case 'X':
      return {verdict: 'expired', reason: 'the signature has expired'};
    case 'Y':
      return {verdict: 'expired', reason: 'the key has expired'};
    case 'R':
      return {verdict: 'revoked', reason: 'the key was revoked'};
    case 'B':
      // ssh-keygen says of a revoked key only that it could not verify.
      return isSsh && signers.mayBeRevoked && !/incorrect signature/i.test(said)
        ? {verdict: 'revoked', reason: 'the key was revoked'}
        : {verdict: 'bad', reason: 'the commit is not what was signed'};
    case 'E':
      return unchecked(/no public key/i.test(said) ? 'its public key is not in your keyring' : said);
    default:
      return unchecked(stderr.replace(/^(error|fatal|warning): /gm, '') || 'git could not verify it');
  }
}

function unchecked(reason: string): Signature & {verdict: 'unchecked'} {
  return {verdict: 'unchecked', signer: null, key: null, reason};
}
