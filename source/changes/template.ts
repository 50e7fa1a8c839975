import {pullRequestTemplate} from '../forges/template.ts';
import type {ForgeKind} from '../forges/types.ts';
import type {Repository} from '../repository/types.ts';
import {plain} from '../text/plain.ts';

/** The text that a repository wants its pull requests to begin with. */
export interface Template {
  path: string;
  text: string;
}

/** Where forges look for one, besides the root. */
const folders = [
  '.github',
  '.gitlab/merge_request_templates',
  '.gitea',
  '.forgejo',
  '.azuredevops',
  '.azuredevops/pull_request_template/branches',
  '.vsts',
  '.vsts/pull_request_template/branches',
  'docs',
];
const mostCharacters = 65_536;

/**
 * The template that a forge would take for a pull request into `base`, as it is at the commit `tip`; null for none. Reads
 * git's objects only. Throws RepositoryError.
 */
export async function templateFor(
  {git}: Pick<Repository, 'git'>,
  forge: ForgeKind,
  base: string,
  tip: string,
  signal?: AbortSignal,
): Promise<Template | null> {
  const list = (...paths: string[]) => git.text(['ls-tree', '-z', '--full-tree', tip, ...paths], {signal});
  const found = await Promise.all([list(), list('--', ...folders.map(folder => `${folder}/`))]);
  const files = new Map<string, string>();
  for (const entry of found.join('').split('\0')) {
    // A link or a submodule is no template.
    const [, oid, path] = /^100\d{3} blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
    if (oid !== undefined && path !== undefined) files.set(path, oid);
  }
  const path = pullRequestTemplate(forge, base, [...files.keys()]);
  const oid = path === null ? undefined : files.get(path);
  if (path === null || oid === undefined) return null;
  const text = plain(await git.text(['cat-file', 'blob', oid], {signal}))
    .slice(0, mostCharacters)
    .trim();
  return text === '' ? null : {path, text};
}

/** A description with the template's text under it, once. */
export function withTemplate(body: string, template: Template | null): string {
  if (template === null || body.includes(template.text)) return body;
  return body.trim() === '' ? template.text : `${body.trim()}\n\n${template.text}`;
}
