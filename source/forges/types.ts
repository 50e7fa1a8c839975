/** A repository on a forge, as its remote URL names it. */
export interface ForgeRepository {
  forge: 'github' | 'gitlab' | 'gitea' | 'bitbucket' | 'bitbucket-data-center' | 'azure-devops';
  host: string;
  /** Path of the repository on the host without `.git`: `owner/name`, with GitLab's subgroups. */
  path: string;
}

export interface PullRequestDraft {
  base: string;
  branch: string;
  title: string;
  body: string;
  draft: boolean;
}

/** What became of a pull request. Without a token there is only the URL at which a person can open it. */
export type PullRequestResult =
  | {opened: true; url: string; number: number; updated: boolean}
  | {opened: false; compareUrl: string | null; reason: string};
