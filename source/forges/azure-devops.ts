import * as v from 'valibot';
import {
  branchPolicy,
  checkOf,
  commentsOf,
  evaluation,
  listOf,
  mergeabilityOf,
  newest,
  policyCheck,
  pull,
  reviewOf,
  status,
  thread,
  wantsPullRequest,
} from './azure-devops-answers.ts';
import {ForgeError} from './error.ts';
import {type Access, ifAllowed, lastOfEach, mostItems, mostListed, orNote, unmet} from './opening.ts';
import {authorizationOf} from './token.ts';
import {forgeTransport} from './transport.ts';
import type {Forge, ForgeRepository, PullRequest, PullRequestState, Rights} from './types.ts';

const perPage = 100;
/** A longer description is refused. */
const mostDescription = 4000;

/**
 * Azure DevOps Services (https://learn.microsoft.com/rest/api/azure/devops/git). By own requests: Microsoft's client can't be
 * aborted, and first asks other hosts where the API is.
 */
export function openAzureDevOps(repository: ForgeRepository, access: Access): Forge {
  const root = access.apiBase ?? `https://${repository.host}`;
  const fetch = forgeTransport({
    forge: 'azure-devops',
    root,
    authorization: authorizationOf(access.token, repository.forge),
    // Else it leads who has no good token to a page for signing in.
    headers: {accept: 'application/json', 'x-tfs-fedauthredirect': 'Suppress'},
    fetch: access.fetch,
  });
  const [organization = '', project = '', name = ''] = repository.path.split('/').map(encodeURIComponent);
  const projectUrl = `${root}/${organization}/${project}`;
  const gitUrl = `${projectUrl}/_apis/git/repositories/${name}`;
  const page = `https://${repository.host}/${organization}/${project}/_git/${name}/pullrequest`;

  async function send(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT',
    url: string,
    {
      query = {},
      body,
      signal,
      version = '7.1',
    }: {
      query?: Record<string, string>;
      body?: object;
      signal?: AbortSignal | undefined;
      version?: string;
    } = {},
  ): Promise<unknown> {
    const search = new URLSearchParams({...query, 'api-version': version});
    const response = await fetch(`${url}?${search}`, {
      method,
      signal: signal ?? null,
      ...(body === undefined
        ? {}
        : {body: JSON.stringify(body), headers: {'content-type': 'application/json'}}),
    });
    // The page for signing in is an answer "203 Non-Authoritative Information".
    if (response.status === 203)
      throw new ForgeError(
        'unauthorized',
        'Azure DevOps does not accept the token: is it expired or revoked? Set AZURE_DEVOPS_EXT_PAT',
        203,
      );
    return response.json();
  }

  function pullRequestOf(found: v.InferOutput<typeof pull>): PullRequest {
    return {
      number: found.pullRequestId,
      url: `${page}/${found.pullRequestId}`,
      title: found.title,
      state: found.status === 'active' ? 'open' : found.status === 'completed' ? 'merged' : 'closed',
      draft: found.isDraft,
      author: found.createdBy?.displayName ?? null,
      branch: found.sourceRefName.replace(/^refs\/heads\//, ''),
      base: found.targetRefName.replace(/^refs\/heads\//, ''),
      head: found.lastMergeSourceCommit?.commitId ?? '',
      fork: found.forkSource?.repository.name ?? null,
      updatedAt: found.creationDate,
    };
  }

  async function search(criteria: Record<string, string>, signal?: AbortSignal): Promise<PullRequest[]> {
    const query = Object.fromEntries(
      Object.entries({status: 'active', ...criteria}).map(([key, value]) => [`searchCriteria.${key}`, value]),
    );
    const found: PullRequest[] = [];
    for (let skip = 0; skip < mostListed; skip += perPage) {
      const answer = await send('GET', `${gitUrl}/pullrequests`, {
        query: {...query, $top: String(perPage), $skip: String(skip)},
        signal,
      });
      const {value} = v.parse(listOf(pull), answer);
      found.push(...value.map(pullRequestOf));
      if (value.length < perPage) break;
    }
    return found;
  }

  const show = async (number: number, signal?: AbortSignal) =>
    v.parse(pull, await send('GET', `${gitUrl}/pullrequests/${number}`, {signal}));

  async function addTo(
    number: number,
    {
      labels = [],
      reviewers = [],
    }: {
      labels?: readonly string[] | undefined;
      reviewers?: readonly string[] | undefined;
    },
    signal?: AbortSignal,
  ): Promise<string[]> {
    const notes: string[] = [];
    for (const label of labels)
      await orNote(notes, `the label "${label}" was not set`, () =>
        send('POST', `${gitUrl}/pullrequests/${number}/labels`, {body: {name: label}, signal}),
      );
    for (const reviewer of reviewers) {
      if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(reviewer)) {
        notes.push(`no review was asked for: Azure DevOps wants an identity's id, not "${reviewer}"`);
        continue;
      }
      await orNote(notes, 'no review was asked for', () =>
        send('PUT', `${gitUrl}/pullrequests/${number}/reviewers/${reviewer}`, {
          body: {id: reviewer, vote: 0},
          signal,
        }),
      );
    }
    return notes;
  }

  /** Branch policies, each with where this pull request stands. */
  async function policiesOf(number: number, projectId: string, signal?: AbortSignal) {
    const artifactId = `vstfs:///CodeReview/CodeReviewId/${projectId}/${number}`;
    const answer = await ifAllowed(
      send('GET', `${projectUrl}/_apis/policy/evaluations`, {
        query: {artifactId, $top: String(mostItems)},
        version: '7.1-preview.1',
        signal,
      }),
    );
    if (answer === null) return null;
    return v.parse(listOf(evaluation), answer).value.filter(policy => policy.configuration.isEnabled);
  }

  return {
    repository,

    async findOpen({branch, base: target}, signal) {
      const criteria = {sourceRefName: `refs/heads/${branch}`, targetRefName: `refs/heads/${target}`};
      return (await search(criteria, signal)).find(request => request.fork === null) ?? null;
    },

    async open(draft, signal) {
      const created = await send('POST', `${gitUrl}/pullrequests`, {
        body: {
          sourceRefName: `refs/heads/${draft.branch}`,
          targetRefName: `refs/heads/${draft.base}`,
          title: draft.title,
          description: draft.body.slice(0, mostDescription),
          isDraft: draft.draft,
        },
        signal,
      });
      const pullRequest = pullRequestOf(v.parse(pull, created));
      return {pullRequest, notes: await addTo(pullRequest.number, draft, signal)};
    },

    async update(number, changes, signal) {
      const changed = await send('PATCH', `${gitUrl}/pullrequests/${number}`, {
        body: {
          ...(changes.title === undefined ? {} : {title: changes.title}),
          ...(changes.body === undefined ? {} : {description: changes.body.slice(0, mostDescription)}),
          ...(changes.draft === undefined ? {} : {isDraft: changes.draft}),
        },
        signal,
      });
      const notes = await addTo(number, changes, signal);
      return {pullRequest: pullRequestOf(v.parse(pull, changed)), notes};
    },

    list: signal => search({}, signal),

    async files(number, signal) {
      const iterations = v.parse(
        listOf(v.object({id: v.number()})),
        await send('GET', `${gitUrl}/pullRequests/${number}/iterations`, {signal}),
      ).value;
      const last = Math.max(0, ...iterations.map(iteration => iteration.id));
      if (last === 0) return [];
      const changes = v.object({
        changeEntries: v.array(
          v.object({
            item: v.optional(v.object({path: v.optional(v.string())})),
            originalPath: v.nullish(v.string(), null),
          }),
        ),
      });
      const query = {$top: String(mostItems * 2), $compareTo: '0'};
      const url = `${gitUrl}/pullRequests/${number}/iterations/${last}/changes`;
      const {changeEntries} = v.parse(changes, await send('GET', url, {query, signal}));
      const paths = changeEntries.flatMap(entry => [entry.item?.path ?? [], entry.originalPath ?? []].flat());
      return [...new Set(paths.map(path => path.replace(/^\//, '')))];
    },

    async state(number, signal): Promise<PullRequestState> {
      const found = await show(number, signal);
      const pullRequest = pullRequestOf(found);
      const [reported, policies, threads] = await Promise.all([
        ifAllowed(send('GET', `${gitUrl}/pullRequests/${number}/statuses`, {signal})),
        policiesOf(number, found.repository.project.id, signal),
        send('GET', `${gitUrl}/pullRequests/${number}/threads`, {signal}),
      ]);
      const checks =
        reported === null || policies === null
          ? null
          : [
              ...newest(v.parse(listOf(status), reported).value).map(checkOf),
              ...policies.flatMap(policyCheck),
            ];
      const counts = (policies ?? []).map(policy => policy.configuration.settings.minimumApproverCount ?? 0);
      const reviews = lastOfEach(found.reviewers.map(reviewOf));
      const approvals = policies === null ? null : Math.max(0, ...counts);
      return {
        pullRequest,
        checks,
        reviews,
        comments: v.parse(listOf(thread), threads).value.flatMap(commentsOf),
        mergeability: mergeabilityOf(
          found,
          pullRequest,
          unmet(pullRequest, {checks, reviews, approvals}),
          policies !== null,
        ),
        protection:
          policies === null
            ? null
            : {approvals, checks: policies.flatMap(policyCheck).map(check => check.name)},
        methods: ['merge', 'squash', 'rebase'],
      };
    },

    async rights(branch, signal): Promise<Rights> {
      const unknown = {push: null, straight: null, forkOf: null};
      if (branch === null) return {...unknown, reason: null};
      const {id} = v.parse(v.object({id: v.string()}), await send('GET', gitUrl, {signal}));
      // https://learn.microsoft.com/rest/api/azure/devops/git/policy-configurations/get
      const answer = await ifAllowed(
        send('GET', `${projectUrl}/_apis/git/policy/configurations`, {
          query: {repositoryId: id, refName: `refs/heads/${branch}`},
          signal,
        }),
      );
      if (answer === null)
        return {...unknown, reason: `Azure DevOps does not show the token the policies of ${branch}`};
      const wants = v.parse(listOf(branchPolicy), answer).value.some(wantsPullRequest);
      if (!wants) return {...unknown, reason: 'Azure DevOps does not say whether you may push'};
      return {...unknown, straight: false, reason: `a policy of ${branch} wants a pull request`};
    },

    async merge(number, order, signal) {
      const strategies = {
        merge: 'noFastForward',
        squash: 'squash',
        rebase: 'rebase',
        'fast-forward': 'rebase',
      } as const;
      const answer = await send('PATCH', `${gitUrl}/pullrequests/${number}`, {
        body: {
          status: 'completed',
          lastMergeSourceCommit: {commitId: order.head},
          completionOptions: {
            mergeStrategy: strategies[order.method],
            deleteSourceBranch: order.deleteBranch ?? false,
          },
        },
        signal,
      });
      const found = v.parse(pull, answer);
      if (found.status !== 'completed') return {merged: false, queued: true, notes: []};
      return {merged: true, sha: found.lastMergeCommit?.commitId ?? null, notes: []};
    },
  };
}
