import type {ForgeKind} from './types.ts';

/** Folders in which each forge looks for templates, in its order; GitLab's are named one by one. */
const folders: Readonly<Record<ForgeKind, readonly string[]>> = {
  // https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests
  github: ['.github', '', 'docs'],
  // https://docs.gitlab.com/user/project/description_templates/
  gitlab: ['.gitlab/merge_request_templates'],
  // https://docs.gitea.com/usage/issue-pull-request-templates, and Forgejo's own folder.
  gitea: ['', '.forgejo', '.gitea', '.github', 'docs'],
  bitbucket: [],
  'bitbucket-data-center': [],
  // https://learn.microsoft.com/azure/devops/repos/git/pull-request-templates
  'azure-devops': ['.azuredevops', '.vsts', 'docs', ''],
};

/**
 * The file of a repository whose text a new pull request into `base` begins with, as the forge itself would choose it;
 * null for none. `files` are paths in the base branch's tree. Bitbucket keeps its templates in settings.
 */
export function pullRequestTemplate(forge: ForgeKind, base: string, files: readonly string[]): string | null {
  const byName = new Map(files.map(file => [file.toLowerCase(), file]));
  for (const folder of folders[forge]) {
    const inFolder = (name: string) => byName.get(folder === '' ? name : `${folder}/${name}`);
    const names =
      forge === 'gitlab'
        ? ['default.md']
        : ['pull_request_template.md', 'pull_request_template.txt', 'pull_request_template'];
    if (forge === 'azure-devops') {
      const branch = base.toLowerCase();
      names.unshift(
        `pull_request_template/branches/${branch}.md`,
        `pull_request_template/branches/${branch}.txt`,
      );
    }
    for (const name of names) {
      const found = inFolder(name);
      if (found !== undefined) return found;
    }
  }
  return null;
}
