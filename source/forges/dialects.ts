import type {ForgeKind} from './types.ts';

/** How a forge is spoken of, and what its tokens need. */
export interface Dialect {
  name: string;
  /** What it calls a pull request. */
  request: 'pull request' | 'merge request';
  /** How to get it a token. */
  login: string;
  /** What a token must be allowed to do. */
  permission: string;
}

const bitbucketDialect = {name: 'Bitbucket', request: 'pull request'} as const;

/** One row for each forge. */
export const dialects: Readonly<Record<ForgeKind, Dialect>> = {
  github: {
    name: 'GitHub',
    request: 'pull request',
    login: 'set GH_TOKEN, or run gh auth login',
    permission: '"Pull requests: write" or "repo"',
  },
  gitlab: {
    name: 'GitLab',
    request: 'merge request',
    login: 'set GITLAB_TOKEN, or run glab auth login',
    permission: 'the scope "api" and the role Developer',
  },
  gitea: {
    name: 'Gitea',
    request: 'pull request',
    login: 'set GITEA_TOKEN and GITEA_SERVER_URL, or keep one in git credential',
    permission: '"write:repository" and "write:issue"',
  },
  bitbucket: {
    ...bitbucketDialect,
    login: 'set BITBUCKET_TOKEN, or keep one in git credential',
    permission: '"Pull requests: write"',
  },
  'bitbucket-data-center': {
    ...bitbucketDialect,
    login: 'set BITBUCKET_TOKEN and BITBUCKET_SERVER_URL, or keep one in git credential',
    permission: '"Repository: write"',
  },
  'azure-devops': {
    name: 'Azure DevOps',
    request: 'pull request',
    login: 'set AZURE_DEVOPS_EXT_PAT, or keep one in git credential',
    permission: '"Code: read and write"',
  },
};
