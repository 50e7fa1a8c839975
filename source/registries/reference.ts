/** An image as a manifest names it, taken apart. */
export interface ImageReference {
  /** As it is written. */
  written: string;
  /** Name and port of the registry: `docker.io` where none is written. */
  registry: string;
  /** The repository on the registry: `library/nginx`. */
  repository: string;
  /** The name as it is written, without tag and digest: `nginx`. */
  name: string;
  /** Null where none is written: the registry then gives `latest`. */
  tag: string | null;
  /** `sha256:…`; what runs where both are written. */
  digest: string | null;
}

/** The registry that an image without one is of. */
export const dockerHub = 'docker.io';

// https://pkg.go.dev/github.com/distribution/reference#pkg-overview
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = new RegExp(`^(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const repositoryPath = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

// Longer ones are refused before a pattern sees them.
const longest = 512;

/**
 * Reads an image's name by the grammar and the defaults of Docker and containerd
 * (https://pkg.go.dev/github.com/distribution/reference): `nginx` is `docker.io/library/nginx`, and a first part is a
 * registry where it has a dot or a port or is `localhost`. Null for what is no image's name (a template, an empty text).
 */
export function parseImage(written: string): ImageReference | null {
  const text = written.trim();
  if (text === '' || text.length > longest) return null;
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const tag = colon < 0 ? null : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  if (tag !== null && !tagPattern.test(tag)) return null;
  if (digest !== null && !digestPattern.test(digest)) return null;
  const {registry, repository} = homeOf(name);
  if (!domain.test(registry) || !repositoryPath.test(repository)) return null;
  return {written, registry, repository, name, tag, digest};
}

function homeOf(name: string): {registry: string; repository: string} {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const written = isDomain ? first : dockerHub;
  const rest = isDomain ? name.slice(slash + 1) : name;
  const registry = /^(?:index|registry-1)\.docker\.io$/.test(written) ? dockerHub : written;
  const repository = registry === dockerHub && !rest.includes('/') ? `library/${rest}` : rest;
  return {registry, repository};
}

/** An image's whole name without tag and digest: `docker.io/library/nginx`. What policies are matched by. */
export function fullName({registry, repository}: Pick<ImageReference, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`;
}

/** The same image at another tag or digest, written as it was: `nginx:1.27`, `nginx:1.27@sha256:…`. */
export function withVersion(
  {name}: Pick<ImageReference, 'name'>,
  {tag, digest}: {tag: string | null; digest: string | null},
): string {
  return `${name}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}
