import type {ForgeKind, PullRequestDraft} from './types.ts';

/** How a push itself opens a pull request, where there is no token for the API. */
export interface OpeningPush {
  /** The ref to push the commit to. */
  ref: string;
  /** One `--push-option` each. */
  options: readonly string[];
}

/**
 * The push that opens (or updates) a pull request on a forge that takes one from `git push`; null for the others.
 * GitLab: https://docs.gitlab.com/topics/git/commit/#push-options. Gitea and Forgejo: AGit,
 * https://docs.gitea.com/usage/agit: the commit goes to `refs/for/BASE`, and no branch is made.
 */
export function openingPush(forge: ForgeKind, draft: PullRequestDraft): OpeningPush | null {
  const {base, branch, title, body, labels = []} = draft;
  switch (forge) {
    case 'gitlab':
      return {
        ref: `refs/heads/${branch}`,
        options: [
          'merge_request.create',
          `merge_request.target=${base}`,
          `merge_request.title=${oneLine(title)}`,
          // A push option is one line; GitLab makes line ends of these.
          ...(body === '' ? [] : [`merge_request.description=${body.replace(/\r?\n/g, '\\n')}`]),
          ...(draft.draft ? ['merge_request.draft'] : []),
          ...labels.map(label => `merge_request.label=${oneLine(label)}`),
        ],
      };
    case 'gitea':
      return {
        ref: `refs/for/${base}`,
        options: [
          `topic=${branch}`,
          `title=${draft.draft ? 'WIP: ' : ''}${oneLine(title)}`,
          ...(body === '' ? [] : [`description={base64}${Buffer.from(body).toString('base64')}`]),
        ],
      };
    default:
      return null;
  }
}

/** The page of the pull request that a forge's answer to a push names; null for none. */
export function pageInPushAnswer(answer: string, host: string): string | null {
  for (const [url] of answer.matchAll(/https?:\/\/[^\s\u0000-\u001f\u007f]+/g)) {
    if (!URL.canParse(url) || new URL(url).host !== host) continue;
    if (/\/(?:-\/merge_requests|pulls)\/\d+$/.test(url)) return url;
  }
  return null;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
