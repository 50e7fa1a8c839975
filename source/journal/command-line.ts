import type {Errand} from './types.ts';

/**
 * An errand as a line that a person can paste into a shell. It only reads: of a request that writes, whose body nobody
 * keeps, it reads the place that was written to, and says so. A program is what was started, in its folder.
 */
export function commandLine(errand: Errand): string {
  if (errand.kind === 'program') {
    const {file, args, cwd} = errand;
    if (cwd === null) return quoted([file, ...args]);
    if (file === 'git') return quoted([file, '-C', cwd, ...args]);
    return `(cd ${quoted([cwd])} && ${quoted([file, ...args])})`;
  }
  const {to, method, url} = errand;
  const isRead = method === 'GET' || method === 'HEAD';
  const note = isRead ? '' : `  # it was a ${method}, whose body is not kept: this reads the same place`;
  switch (to) {
    case 'cluster': {
      const {pathname, search} = new URL(url);
      const context = errand.context === null ? [] : ['--context', errand.context];
      return `${quoted(['kubectl', ...context, 'get', '--raw', isRead ? pathname + search : pathname])}${note}`;
    }
    case 'forge':
      // The token is the reader's own: its variable is for the shell to fill in.
      return `curl -H "Authorization: $AUTHORIZATION" ${quoted([url])}${note}`;
    case 'registry':
    case 'issuer':
      return `curl ${method === 'HEAD' ? '-I ' : ''}${quoted([url])}${note}`;
  }
}

/** Words as a POSIX shell reads them back: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02 */
export function quoted(words: readonly string[]): string {
  return words
    .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** An errand in short, for a list: the program with its arguments, the method with what it is asked of. */
export function errandWords(errand: Errand): string {
  if (errand.kind === 'program') return quoted([errand.file, ...errand.args]);
  const {method, url, to} = errand;
  const {host, pathname, search} = new URL(url);
  const path = decoded(pathname + search);
  return `${method} ${to === 'cluster' ? path : host + path}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
