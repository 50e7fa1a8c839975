import type {Commit} from '../repository/types.ts';
import {plainLine} from '../text/plain.ts';

/** A pull request (GitLab: merge request) as a commit's message names it. */
export interface PullRequestMention {
  /** As its forge writes it: `#412`, `!12`. */
  mark: string;
  number: number;
  /** Where the message gives its address. */
  url: string | null;
}

/**
 * What forges write into the first line of the commits that they make, the number last: GitHub's and Gitea's squash and
 * merge, Bitbucket's two, Azure DevOps'.
 */
const subjects: readonly RegExp[] = [
  /\(#(\d{1,9})\)\s*$/,
  /^Merge pull request #(\d{1,9})\b/,
  /^Merge pull request '.*' \(#(\d{1,9})\) from /,
  /^Merged in .* \(pull request #(\d{1,9})\)/,
  /^Pull request #(\d{1,9}):/,
  /^Merged PR (\d{1,9}):/,
];

/** GitLab writes `See merge request group/project!12` at the end, Gitea `Reviewed-on: URL`, others `PR-URL: URL`. */
const mergeRequest = /^See merge request \S*!(\d{1,9})\s*$/m;
const trailer =
  /^(?:Reviewed-on|PR-URL|Pull-Request(?:-URL)?|Merge-Request): (https?:\/\/\S+\/(?:pulls?|merge_requests|pull-requests|pullrequest)\/(\d{1,9}))\/?$/im;

/** The pull request that brought a commit, as far as its message says; null where it does not. */
export function mentionedPullRequest({
  subject,
  body,
}: Pick<Commit, 'subject' | 'body'>): PullRequestMention | null {
  const [, url, number] = trailer.exec(body) ?? [];
  if (url !== undefined && number !== undefined) {
    const mark = url.includes('/merge_requests/') ? '!' : '#';
    return {mark: `${mark}${Number(number)}`, number: Number(number), url: plainLine(url)};
  }
  const [, merged] = mergeRequest.exec(body) ?? [];
  if (merged !== undefined) return {mark: `!${Number(merged)}`, number: Number(merged), url: null};
  for (const pattern of subjects) {
    const [, found] = pattern.exec(subject) ?? [];
    if (found !== undefined) return {mark: `#${Number(found)}`, number: Number(found), url: null};
  }
  return null;
}
