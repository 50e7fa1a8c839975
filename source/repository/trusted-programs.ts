import type {Git, Setting} from './git.ts';

/** Settings that name a program, and what git runs where nobody set them (`man git-config`, gpg.program). */
const defaults: Readonly<Record<string, string>> = {
  'gpg.program': 'gpg',
  'gpg.openpgp.program': 'gpg',
  'gpg.x509.program': 'gpgsm',
  'gpg.ssh.program': 'ssh-keygen',
  'gpg.ssh.defaultkeycommand': '',
};

/**
 * The settings that keep a repository's own configuration from naming the programs that sign and verify: those of the user's
 * or the machine's stay, else git's own defaults count. None where the repository names none. Throws RepositoryError.
 */
export async function trustedPrograms(git: Git, signal?: AbortSignal): Promise<Setting[]> {
  const {stdout} = await git.result(
    ['config', '--show-scope', '-z', '--get-regexp', '^gpg\\..*(program|defaultkeycommand)$'],
    {signal, accept: [0, 1]},
  );
  const users = new Map<string, string>();
  const named = new Set<string>();
  const words = stdout.split('\0');
  // `scope NUL key LF value NUL`, the keys in lower case.
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [key = '', ...value] = (words[index + 1] ?? '').split('\n');
    if (words[index] === 'local' || words[index] === 'worktree') named.add(key);
    else users.set(key, value.join('\n'));
  }
  // One name of OpenPGP's program stands for the other.
  if (named.has('gpg.program') || named.has('gpg.openpgp.program')) {
    const program = users.get('gpg.openpgp.program') ?? users.get('gpg.program') ?? 'gpg';
    for (const key of ['gpg.program', 'gpg.openpgp.program']) {
      named.add(key);
      users.set(key, program);
    }
  }
  return [...named].flatMap((key): Setting[] => {
    const program = users.get(key) ?? defaults[key];
    return program === undefined ? [] : [[key, program]];
  });
}
