import type {ForgeKind, ForgeRepository} from './types.ts';

/** Hosts that everybody knows, with the hosts that serve their ssh on port 443. */
const wellKnown: Readonly<Record<string, ForgeKind>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'gitea',
  'gitea.com': 'gitea',
  'bitbucket.org': 'bitbucket',
  'dev.azure.com': 'azure-devops',
};

const otherNames: Readonly<Record<string, string>> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
  'ssh.dev.azure.com': 'dev.azure.com',
  'vs-ssh.visualstudio.com': 'dev.azure.com',
};

/** What a remote URL says: where, which repository, and whether over http(s), whose port is the forge's own. */
interface RemoteAddress {
  host: string;
  path: string;
  port: string;
  web: boolean;
}

/**
 * The forge's repository that a remote URL names; null for a folder, and for a host that no name gives away.
 * `known` adds hosts: `{'git.example.com': 'gitea'}`.
 */
export function parseRemoteUrl(
  url: string,
  known: Readonly<Record<string, ForgeKind>> = {},
): ForgeRepository | null {
  const address = parseAddress(url.trim());
  if (address === null) return null;
  const {host, web} = address;
  const path = decodePath(address.path);
  if (path === null) return null;
  const withPort = web && address.port !== '' ? `${host}:${address.port}` : host;
  const forge = known[withPort] ?? known[host] ?? guessForge(address);
  switch (forge) {
    case undefined:
      return null;
    case 'azure-devops':
      return azure(host, path);
    case 'bitbucket-data-center':
      return repository(forge, withPort, path.replace(/^scm\//, ''), 2);
    case 'gitlab':
      return repository(forge, withPort, path, Number.POSITIVE_INFINITY);
    default:
      return repository(forge, withPort, path, 2);
  }
}

/** The host that a remote URL names, with the port where that is the forge's own (http, https); null for a folder. */
export function hostOfRemote(url: string): string | null {
  const address = parseAddress(url.trim());
  if (address === null || !/^[\w.-]+$|^\[[0-9a-f:.]+\]$/.test(address.host)) return null;
  return address.web && address.port !== '' ? `${address.host}:${address.port}` : address.host;
}

/** `scheme://[user@]host[:port]/path` or scp's `[user@]host:path`; null for a folder and for schemes of no forge. */
function parseAddress(url: string): RemoteAddress | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    if (!URL.canParse(url)) return null;
    const {protocol, hostname, port, pathname} = new URL(url);
    const scheme = protocol.replace(/^git\+/, '');
    if (!['http:', 'https:', 'ssh:', 'git:'].includes(scheme)) return null;
    return address(hostname, pathname, port, scheme.startsWith('http'));
  }
  // A drive letter and a path with a slash before the colon are folders, as git reads them.
  const [, host = '', path = ''] = /^(?:[^@/\s]+@)?(\[[^\]]+\]|[^:/\s]{2,}):(?!\/\/)(\S.*)$/.exec(url) ?? [];
  if (host === '') return null;
  return address(host.replace(/^\[(.*?)(?::\d+)?\]$/, '$1'), path, '', false);
}

function address(hostname: string, path: string, port: string, web: boolean): RemoteAddress {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return {host: otherNames[host] ?? host, path, port, web};
}

function guessForge({host, path, port}: RemoteAddress): ForgeKind | undefined {
  const exact = wellKnown[host];
  if (exact !== undefined) return exact;
  if (host.endsWith('.visualstudio.com')) return 'azure-devops';
  if (host.endsWith('.ghe.com')) return 'github';
  const labels = host.split(/[.-]/);
  if (labels.some(label => label === 'github' || label === 'ghe')) return 'github';
  if (labels.includes('gitlab')) return 'gitlab';
  if (labels.some(label => ['gitea', 'forgejo', 'codeberg'].includes(label))) return 'gitea';
  if (
    labels.some(label => ['bitbucket', 'stash'].includes(label)) ||
    port === '7999' ||
    /^\/scm\//.test(path)
  )
    return 'bitbucket-data-center';
  return undefined;
}

function decodePath(path: string): string | null {
  try {
    const decoded = decodeURIComponent(path)
      .replace(/^\/+|\/+$/g, '')
      .replace(/\.git$/, '');
    // Whatever is put into a URL or onto a screen later is one line of harmless letters.
    return /^[^\s\u0000-\u001f\u007f?#]+(?: [^\s\u0000-\u001f\u007f?#]+)*$/.test(decoded) ? decoded : null;
  } catch {
    return null;
  }
}

function repository(forge: ForgeKind, host: string, path: string, mostParts: number): ForgeRepository | null {
  const parts = path.split('/');
  if (parts.length < 2 || parts.length > mostParts) return null;
  if (parts.some(part => part === '' || part === '.' || part === '..')) return null;
  return {forge, host, path};
}

/**
 * Azure DevOps: `dev.azure.com/ORG/PROJECT/_git/REPO`, `ORG.visualstudio.com/[DefaultCollection/]PROJECT/_git/REPO`,
 * ssh `v3/ORG/PROJECT/REPO`. `PROJECT/_git/REPO` may leave out a project of the repository's own name.
 */
function azure(host: string, path: string): ForgeRepository | null {
  const parts = path.split('/').filter(part => part !== 'DefaultCollection');
  if (host.endsWith('.visualstudio.com')) parts.unshift(host.slice(0, -'.visualstudio.com'.length));
  if (parts[0] === 'v3' || parts[0] === 'v2') parts.shift();
  const at = parts.indexOf('_git');
  const name = at === -1 ? parts[2] : parts[at + 1];
  const organization = parts[0];
  const project = at === 1 ? name : parts[1];
  const length = at === -1 ? 3 : at + 2;
  if (organization === undefined || project === undefined || name === undefined || parts.length !== length)
    return null;
  return {forge: 'azure-devops', host: 'dev.azure.com', path: `${organization}/${project}/${name}`};
}
