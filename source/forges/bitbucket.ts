import {createBitbucketCloudClient} from '@coderabbitai/bitbucket/cloud';
import * as v from 'valibot';
import {
  commentOf,
  file,
  mergeabilityOf,
  methodsOf,
  page,
  participants,
  pull,
  remark,
  reviewOf,
  strategyOf,
} from './bitbucket-answers.ts';
import {build, buildCheck} from './bitbucket-builds.ts';
import {ForgeError} from './error.ts';
import {sha} from './fields.ts';
import {type Access, ifAllowed, lastOfEach, mostItems, mostListed, unmet} from './opening.ts';
import {authorizationOf} from './token.ts';
import {forgeTransport} from './transport.ts';
import type {Forge, ForgeRepository, PullRequest, PullRequestState} from './types.ts';

const perPage = 50;

/**
 * Bitbucket Cloud, by a client made from Atlassian's own description (https://developer.atlassian.com/cloud/bitbucket/rest).
 * It has no labels, and names its people by an id: reviewers are their UUIDs (`{…}`).
 */
export function openBitbucket(repository: ForgeRepository, access: Access): Forge {
  const root = access.apiBase ?? 'https://api.bitbucket.org/2.0';
  const authorization = authorizationOf(access.token, repository.forge);
  const fetch = forgeTransport({forge: 'bitbucket', root, authorization, fetch: access.fetch});
  const client = createBitbucketCloudClient({baseUrl: root, fetch: request => fetch(request)});
  const [workspace = '', repo_slug = ''] = repository.path.split('/');
  const here = {workspace, repo_slug};
  const base = `${root}/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(repo_slug)}`;

  /** Pages say where the next one is. */
  async function all(
    path: string,
    query: Record<string, string>,
    most: number,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    const found: unknown[] = [];
    const first = new URLSearchParams({pagelen: String(perPage), ...query});
    let next: string | undefined = `${base}/${path}?${first}`;
    while (next !== undefined && found.length < most) {
      const answer: v.InferOutput<typeof page> = v.parse(
        page,
        await (await fetch(next, {signal: signal ?? null})).json(),
      );
      found.push(...answer.values);
      next = answer.next;
    }
    return found.slice(0, most);
  }

  const at = (number: number) => ({path: {...here, pull_request_id: number}});

  async function show(number: number, signal?: AbortSignal): Promise<unknown> {
    const route = '/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}';
    return (await client.GET(route, {params: at(number), signal: signal ?? null})).data;
  }

  function pullRequestOf(answer: unknown): PullRequest {
    const found = v.parse(pull, answer);
    const from = found.source.repository?.full_name ?? '(deleted)';
    return {
      number: found.id,
      url: found.links.html.href,
      title: found.title,
      state: found.state === 'OPEN' ? 'open' : found.state === 'MERGED' ? 'merged' : 'closed',
      draft: found.draft,
      author: found.author?.display_name ?? null,
      branch: found.source.branch.name,
      base: found.destination.branch.name,
      head: found.source.commit?.hash ?? '',
      fork: from.toLowerCase() === repository.path.toLowerCase() ? null : from,
      updatedAt: found.updated_on,
    };
  }

  /** A pull request with the whole SHA of its head. */
  async function whole(found: PullRequest, signal?: AbortSignal): Promise<PullRequest> {
    if (found.head === '' || v.is(sha, found.head)) return found;
    const answer = await fetch(`${base}/commit/${found.head}`, {signal: signal ?? null});
    return {...found, head: v.parse(v.object({hash: sha}), await answer.json()).hash};
  }

  function wish({
    labels = [],
    reviewers = [],
  }: {
    labels?: readonly string[] | undefined;
    reviewers?: readonly string[] | undefined;
  }): {uuids: string[]; notes: string[]} {
    const isUuid = (name: string) => /^\{[0-9a-f-]{36}\}$/i.test(name);
    return {
      uuids: reviewers.filter(isUuid),
      notes: [
        ...(labels.length > 0 ? ['Bitbucket has no labels: none were set'] : []),
        ...reviewers
          .filter(name => !isUuid(name))
          .map(name => `no review was asked for: Bitbucket wants a UUID in braces, not "${name}"`),
      ],
    };
  }

  return {
    repository,

    async findOpen({branch, base: target}, signal) {
      const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
      const q = `source.branch.name=${quoted(branch)} AND destination.branch.name=${quoted(target)} AND state="OPEN"`;
      const found = (await all('pullrequests', {q}, mostListed, signal)).map(pullRequestOf);
      const own = found.find(request => request.fork === null);
      return own === undefined ? null : whole(own, signal);
    },

    async open(draft, signal) {
      const {uuids, notes} = wish(draft);
      const {data} = await client.POST('/repositories/{workspace}/{repo_slug}/pullrequests', {
        params: {path: here},
        body: {
          type: 'pullrequest',
          title: draft.title,
          description: draft.body,
          source: {branch: {name: draft.branch}},
          destination: {branch: {name: draft.base}},
          draft: draft.draft,
          ...(uuids.length > 0 ? {reviewers: uuids.map(uuid => ({type: 'account' as const, uuid}))} : {}),
        },
        signal: signal ?? null,
      });
      return {pullRequest: await whole(pullRequestOf(data), signal), notes};
    },

    async update(number, changes, signal) {
      const {uuids, notes} = wish(changes);
      // What a PUT leaves out of the reviewers goes away, and a title must be there.
      const before = v.parse(pull, await show(number, signal));
      const wanted = [...new Set([...before.reviewers.map(person => person.uuid), ...uuids])];
      const route = '/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}';
      const {data} = await client.PUT(route, {
        params: at(number),
        body: {
          type: 'pullrequest',
          title: changes.title ?? before.title,
          ...(changes.body === undefined ? {} : {description: changes.body}),
          ...(changes.draft === undefined ? {} : {draft: changes.draft}),
          reviewers: wanted.map(uuid => ({type: 'account' as const, uuid})),
        },
        signal: signal ?? null,
      });
      return {pullRequest: await whole(pullRequestOf(data), signal), notes};
    },

    async list(signal) {
      const found = await all('pullrequests', {state: 'OPEN', sort: '-updated_on'}, mostListed, signal);
      return found.map(pullRequestOf);
    },

    async files(number, signal) {
      const found = await all(`pullrequests/${number}/diffstat`, {}, mostItems * 3, signal);
      const paths = v
        .parse(v.array(v.object({old: file, new: file})), found)
        .flatMap(change => [change.new?.path ?? [], change.old?.path ?? []].flat());
      return [...new Set(paths)];
    },

    async state(number, signal): Promise<PullRequestState> {
      const answer = await show(number, signal);
      const pullRequest = await whole(pullRequestOf(answer), signal);
      const [reported, remarks] = await Promise.all([
        ifAllowed(all(`pullrequests/${number}/statuses`, {}, mostItems, signal)),
        all(`pullrequests/${number}/comments`, {sort: 'created_on'}, mostItems, signal),
      ]);
      const checks =
        reported === null ? null : v.parse(v.array(build), reported).map(one => buildCheck(one, 'STOPPED'));
      const reviews = lastOfEach(v.parse(participants, answer).participants.flatMap(reviewOf));
      const reasons = unmet(pullRequest, {checks, reviews, approvals: null});
      const {branch} = v.parse(pull, answer).destination;
      return {
        pullRequest,
        checks,
        reviews,
        comments: v
          .parse(v.array(remark), remarks)
          .filter(item => !item.deleted)
          .map(commentOf),
        mergeability: mergeabilityOf(pullRequest, reasons),
        // Only administrators may see branch restrictions.
        protection: null,
        methods: methodsOf(branch.merge_strategies ?? [], branch.default_merge_strategy),
      };
    },

    // Who may push where, Bitbucket tells administrators only.
    async rights(branch) {
      const reason = branch === null ? null : `Bitbucket tells administrators only who may push to ${branch}`;
      return {push: null, straight: null, reason, forkOf: null};
    },

    async merge(number, order, signal) {
      const answer = await show(number, signal);
      const found = v.parse(pull, answer);
      // Bitbucket takes no SHA with the order: this is as close before it as can be.
      const {head} = await whole(pullRequestOf(answer), signal);
      if (head !== order.head)
        throw new ForgeError('moved', 'the branch has moved since you looked: look at the new commits first');
      const strategies = found.destination.branch.merge_strategies ?? [];
      const strategy = strategyOf(order.method, strategies);
      const route = '/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/merge';
      const {data, response} = await client.POST(route, {
        params: at(number),
        body: {
          type: 'pullrequest_merge_parameters',
          close_source_branch: order.deleteBranch ?? false,
          ...(strategy === undefined ? {} : {merge_strategy: strategy}),
        },
        signal: signal ?? null,
      });
      if (response.status === 202) return {merged: false, queued: true, notes: []};
      const merged = v.parse(v.object({merge_commit: v.nullish(v.object({hash: v.string()}), null)}), data);
      return {merged: true, sha: merged.merge_commit?.hash ?? null, notes: []};
    },
  };
}
