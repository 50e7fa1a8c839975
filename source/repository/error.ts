import {plain} from '../text/plain.ts';

/** Why git could not do something, in the terms that decide what to do next. */
export type RepositoryErrorReason =
  | 'no-git' // git is not on PATH
  | 'old-git'
  | 'not-a-repository'
  | 'dubious-ownership' // safe.directory
  | 'unknown-revision'
  | 'unknown-path'
  | 'no-identity' // user.name or user.email is missing
  | 'signing'
  | 'hook' // a hook of the user's refused, in its own words
  | 'unauthorized'
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'git'; // anything else, in git's own words

/** What git could not do, for people; `fix` says what they can do. Both are safe on a terminal and hold no password. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
  readonly reason: RepositoryErrorReason;
  readonly fix: string | undefined;

  constructor(
    reason: RepositoryErrorReason,
    message: string,
    details: {fix?: string | undefined; cause?: unknown} = {},
  ) {
    super(message, {cause: details.cause});
    this.reason = reason;
    this.fix = details.fix;
  }
}

const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi;

/** What git or a remote said, safe to show: no escapes, no user info in URLs, no blank lines. */
export function gitWords(text: string): string {
  return plain(text)
    .replace(userInfo, '$1')
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .join('\n');
}

/** The error for what git printed on stderr when it failed. `task` names what was tried: `git ls-tree`. */
export function gitFailure(task: string, stderr: string, cause?: unknown): RepositoryError {
  const said = gitWords(stderr);
  const words = said.replace(/^(fatal|error): /gm, '');
  if (/dubious ownership|unsafe repository/.test(words)) {
    const folder = /(?:repository at|repository) \(?'([^']+)'/.exec(words)?.[1] ?? '/path/to/the/repository';
    return new RepositoryError(
      'dubious-ownership',
      `git does not trust ${folder}: it belongs to another user`,
      {fix: `if you trust it: git config --global --add safe.directory '${folder}'`, cause},
    );
  }
  if (/safe\.bareRepository/.test(words)) {
    return new RepositoryError('dubious-ownership', words, {
      fix: 'safe.bareRepository keeps git from opening bare repositories: open a checkout instead',
      cause,
    });
  }
  if (/not a git repository/i.test(words)) {
    return new RepositoryError('not-a-repository', 'not inside a git repository', {
      fix: 'give the path of a checkout: gitops-tui PATH',
      cause,
    });
  }
  if (isUnauthorized(words)) {
    return new RepositoryError('unauthorized', `${task}: ${words}`, {fix: signInFix, cause});
  }
  const [, lock] = /unable to create '([^']+\.lock)': file exists/i.exec(words) ?? [];
  if (lock !== undefined) {
    return new RepositoryError('git', `${task}: another git holds ${lock}`, {
      fix: `try again when it is done; where no git runs any more, a killed one left it: rm '${lock}'`,
      cause,
    });
  }
  if (/no space left on device|file too large|disk quota exceeded/i.test(words)) {
    return new RepositoryError('git', `${task}: ${words}`, {
      fix: 'make room on the disk, and try again: nothing was changed',
      cause,
    });
  }
  if (isUnreachable(words)) return new RepositoryError('unreachable', `${task}: ${words}`, {cause});
  return new RepositoryError('git', `${task} failed${words === '' ? '' : `: ${words}`}`, {cause});
}

/** The error for a commit or tag that should be signed and could not be. */
export function signingFailure(words: string, what = 'commit'): RepositoryError {
  return new RepositoryError('signing', `the ${what} could not be signed: ${words}`, {
    fix: 'unlock the key in its agent: "git commit -S" in a shell asks for its passphrase',
  });
}

/** What helps when a remote does not know the user: gitops-tui never asks for a password in the middle of its screen. */
export const signInFix =
  'run "git fetch" in a shell once, so that git (or ssh-add) can ask you for what it needs';

/** True where a remote, or ssh on the way to it, did not accept who asks. */
export function isUnauthorized(words: string): boolean {
  return /authentication failed|permission denied|could not read (username|password)|terminal prompts disabled|host key verification failed|permission to \S+ denied|access denied|not authorized|returned error: 40[13]|http basic: access denied|invalid (username|credentials)|repository not found|write access to repository not granted|deploy key|you are not allowed to (push|upload) code/i.test(
    words,
  );
}

/** True where no answer came from a remote. */
export function isUnreachable(words: string): boolean {
  return /could not resolve (host|hostname)|connection (refused|timed out|reset|closed)|network is unreachable|no route to host|operation timed out|unable to access|does not appear to be a git repository|could not read from remote repository|the remote end hung up|unable to connect|ssl|tls|repository '.*' (not found|does not exist)|returned error: (404|5\d\d)/i.test(
    words,
  );
}
