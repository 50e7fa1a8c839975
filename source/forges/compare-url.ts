import type {ForgeRepository} from './types.ts';

/** The page at which a person opens a pull request from `branch` (of the fork, where one is named) into `base`. */
export function compareUrl(repository: ForgeRepository, base: string, branch: string, fork?: string): string {
  const {forge, host} = repository;
  const path = repository.path.split('/').map(encodeURIComponent);
  const root = `https://${host}/${path.join('/')}`;
  const across = fork === undefined ? '' : `${encodeURIComponent(fork.split('/')[0] ?? '')}:`;
  const [from, to] = [branch, base].map(encodeURIComponent);
  switch (forge) {
    case 'github':
      return `${root}/compare/${inPath(base)}...${across}${inPath(branch)}?expand=1`;
    case 'gitlab':
      return `${fork === undefined ? root : `https://${host}/${inPath(fork)}`}/-/merge_requests/new?merge_request%5Bsource_branch%5D=${from}&merge_request%5Btarget_branch%5D=${to}`;
    case 'gitea':
      return `${root}/compare/${inPath(base)}...${across}${inPath(branch)}`;
    case 'bitbucket':
      return `${root}/pull-requests/new?source=${from}&dest=${to}`;
    case 'bitbucket-data-center': {
      const [project = '', name = ''] = path;
      return `https://${host}/${ownerPath(project)}/repos/${name}/pull-requests?create&sourceBranch=${from}&targetBranch=${to}`;
    }
    case 'azure-devops': {
      const [organization = '', project = '', name = ''] = path;
      return `https://${host}/${organization}/${project}/_git/${name}/pullrequestcreate?sourceRef=${from}&targetRef=${to}`;
    }
  }
}

/** The page that lists a repository's pull requests. */
export function pullRequestsUrl({forge, host, path}: ForgeRepository): string {
  const [first = '', second = '', name = ''] = path.split('/').map(encodeURIComponent);
  const root = `https://${host}/${path.split('/').map(encodeURIComponent).join('/')}`;
  switch (forge) {
    case 'gitlab':
      return `${root}/-/merge_requests`;
    case 'bitbucket':
      return `${root}/pull-requests/`;
    case 'bitbucket-data-center':
      return `https://${host}/${ownerPath(first)}/repos/${second}/pull-requests`;
    case 'azure-devops':
      return `https://${host}/${first}/${second}/_git/${name}/pullrequests`;
    default:
      return `${root}/pulls`;
  }
}

/** A person's own repositories are `~name` in Bitbucket Data Center's clone URLs and `users/name` on the site. */
function ownerPath(project: string): string {
  return project.startsWith('~') ? `users/${project.slice(1)}` : `projects/${project}`;
}

/** A branch inside a URL's path: its slashes are the path's. */
function inPath(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
