import {createBitbucketServerClient} from '@coderabbitai/bitbucket/server';
import * as v from 'valibot';
import {build, buildCheck} from './bitbucket-builds.ts';
import {
  activity,
  change,
  commentOf,
  mergeabilityOf,
  mergeState,
  methodsOf,
  page,
  pull,
  reviewOf,
  settings,
  strategies,
} from './bitbucket-data-center-answers.ts';
import {ForgeError} from './error.ts';
import {sha} from './fields.ts';
import {type Access, ifAllowed, lastOfEach, mostItems, mostListed, unmet} from './opening.ts';
import {authorizationOf} from './token.ts';
import {forgeTransport} from './transport.ts';
import type {Forge, ForgeRepository, PullRequest, PullRequestState} from './types.ts';

const perPage = 100;

/**
 * Bitbucket Data Center, by a client made from Atlassian's own description
 * (https://developer.atlassian.com/server/bitbucket/rest). It has no labels; reviewers are user names.
 */
export function openBitbucketDataCenter(repository: ForgeRepository, access: Access): Forge {
  const root = access.apiBase ?? `https://${repository.host}/rest`;
  const authorization = authorizationOf(access.token, repository.forge);
  const fetch = forgeTransport({forge: 'bitbucket-data-center', root, authorization, fetch: access.fetch});
  const client = createBitbucketServerClient({baseUrl: root, fetch: request => fetch(request)});
  const [projectKey = '', repositorySlug = ''] = repository.path.split('/');
  const here = {projectKey, repositorySlug};
  const repositoryRef = {slug: repositorySlug, project: {key: projectKey}};
  const pulls = '/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests';
  const base = `${root}/api/latest/projects/${encodeURIComponent(projectKey)}/repos/${encodeURIComponent(repositorySlug)}`;

  async function all(
    url: string,
    query: Record<string, string>,
    most: number,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    const found: unknown[] = [];
    let start: number | null = 0;
    while (start !== null && found.length < most) {
      const search = new URLSearchParams({...query, start: String(start), limit: String(perPage)});
      const answer: v.InferOutput<typeof page> = v.parse(
        page,
        await (await fetch(`${url}?${search}`, {signal: signal ?? null})).json(),
      );
      found.push(...answer.values);
      start = answer.isLastPage ? null : answer.nextPageStart;
    }
    return found.slice(0, most);
  }

  const at = (number: number) => ({path: {...here, pullRequestId: String(number)}});

  async function show(number: number, signal?: AbortSignal) {
    const {data} = await client.GET(`${pulls}/{pullRequestId}`, {params: at(number), signal: signal ?? null});
    return v.parse(pull, data);
  }

  function pullRequestOf(found: v.InferOutput<typeof pull>): PullRequest {
    const from = found.fromRef.repository;
    const name = `${from.project.key}/${from.slug}`;
    const own = name.toLowerCase() === repository.path.toLowerCase();
    return {
      number: found.id,
      url: found.links.self[0]?.href ?? '',
      title: found.title,
      state: found.state === 'OPEN' ? 'open' : found.state === 'MERGED' ? 'merged' : 'closed',
      draft: found.draft,
      author: found.author.user.name,
      branch: found.fromRef.displayId,
      base: found.toRef.displayId,
      head: found.fromRef.latestCommit,
      fork: own ? null : name,
      updatedAt: found.updatedDate,
    };
  }

  /** The ways to merge that are enabled, the default one first; nothing where the token may not see them. */
  async function enabledStrategies(signal?: AbortSignal): Promise<string[]> {
    const answer = await ifAllowed(fetch(`${base}/settings/pull-requests`, {signal: signal ?? null}));
    const config = answer === null ? undefined : v.parse(settings, await answer.json()).mergeConfig;
    const ids = (config?.strategies ?? []).filter(strategy => strategy.enabled).map(strategy => strategy.id);
    const first = config?.defaultStrategy?.id;
    return ids.sort((a, b) => Number(b === first) - Number(a === first));
  }

  const noLabels = (labels: readonly string[] | undefined) =>
    labels?.length ? ['Bitbucket has no labels: none were set'] : [];

  return {
    repository,

    async findOpen({branch, base: target}, signal) {
      const query = {at: `refs/heads/${branch}`, direction: 'OUTGOING', state: 'OPEN'};
      const found = v.parse(v.array(pull), await all(`${base}/pull-requests`, query, mostListed, signal));
      const own = found.map(pullRequestOf).find(request => request.fork === null && request.base === target);
      return own ?? null;
    },

    async open(draft, signal) {
      const {data} = await client.POST(pulls, {
        params: {path: here},
        body: {
          title: draft.title,
          description: draft.body,
          draft: draft.draft,
          fromRef: {id: `refs/heads/${draft.branch}`, repository: repositoryRef},
          toRef: {id: `refs/heads/${draft.base}`, repository: repositoryRef},
          ...(draft.reviewers?.length ? {reviewers: draft.reviewers.map(name => ({user: {name}}))} : {}),
        },
        signal: signal ?? null,
      });
      return {pullRequest: pullRequestOf(v.parse(pull, data)), notes: noLabels(draft.labels)};
    },

    async update(number, changes, signal) {
      const before = await show(number, signal);
      // What a PUT leaves out goes away; the version keeps it from undoing what somebody else did meanwhile.
      const names = [...before.reviewers.map(person => person.user.name), ...(changes.reviewers ?? [])];
      const {data} = await client.PUT(`${pulls}/{pullRequestId}`, {
        params: at(number),
        body: {
          id: number,
          version: before.version,
          title: changes.title ?? before.title,
          description: changes.body ?? before.description,
          draft: changes.draft ?? before.draft,
          reviewers: [...new Set(names)].map(name => ({user: {name}})),
        },
        signal: signal ?? null,
      });
      return {pullRequest: pullRequestOf(v.parse(pull, data)), notes: noLabels(changes.labels)};
    },

    async list(signal) {
      const query = {state: 'OPEN', order: 'NEWEST'};
      const found = await all(`${base}/pull-requests`, query, mostListed, signal);
      return v.parse(v.array(pull), found).map(pullRequestOf);
    },

    async files(number, signal) {
      const found = await all(`${base}/pull-requests/${number}/changes`, {}, mostItems * 3, signal);
      const paths = v
        .parse(v.array(change), found)
        .flatMap(item => [item.path?.toString ?? [], item.srcPath?.toString ?? []].flat());
      return [...new Set(paths)];
    },

    async state(number, signal): Promise<PullRequestState> {
      const found = await show(number, signal);
      const pullRequest = pullRequestOf(found);
      const [builds, activities, mergeAnswer, enabled] = await Promise.all([
        ifAllowed(all(`${root}/build-status/latest/commits/${pullRequest.head}`, {}, mostItems, signal)),
        all(`${base}/pull-requests/${number}/activities`, {}, mostItems, signal),
        pullRequest.state === 'open'
          ? fetch(`${base}/pull-requests/${number}/merge`, {signal: signal ?? null})
          : null,
        enabledStrategies(signal),
      ]);
      const checks =
        builds === null ? null : v.parse(v.array(build), builds).map(one => buildCheck(one, 'CANCELLED'));
      const reviews = lastOfEach(found.reviewers.map(reviewOf));
      const reasons = unmet(pullRequest, {checks, reviews, approvals: null});
      const state = mergeAnswer === null ? null : v.parse(mergeState, await mergeAnswer.json());
      return {
        pullRequest,
        checks,
        reviews,
        // The newest activity comes first.
        comments: v.parse(v.array(activity), activities).flatMap(commentOf).reverse(),
        mergeability: mergeabilityOf(pullRequest, state, reasons),
        // What it demands shows in the vetoes of a merge only.
        protection: null,
        methods: methodsOf(enabled),
      };
    },

    // Who may push where, Bitbucket tells administrators only.
    async rights(branch) {
      const reason = branch === null ? null : `Bitbucket tells administrators only who may push to ${branch}`;
      return {push: null, straight: null, reason, forkOf: null};
    },

    async merge(number, order, signal) {
      const found = await show(number, signal);
      if (found.fromRef.latestCommit !== order.head)
        throw new ForgeError('moved', 'the branch has moved since you looked: look at the new commits first');
      const fitting = strategies[order.method];
      const strategyId = (await enabledStrategies(signal)).find(id => fitting.includes(id)) ?? fitting[0];
      // Bitbucket takes no SHA with the order, but the version of what was just compared.
      const {data} = await client.POST(`${pulls}/{pullRequestId}/merge`, {
        params: {...at(number), query: {version: String(found.version)}},
        body: {version: found.version, ...(strategyId === undefined ? {} : {strategyId})},
        signal: signal ?? null,
      });
      const merged = v.parse(
        v.object({
          properties: v.optional(v.object({mergeCommit: v.optional(v.object({id: sha}))})),
        }),
        data,
      );
      const notes = order.deleteBranch ? ['the branch was not deleted: Bitbucket does that on its page'] : [];
      return {merged: true, sha: merged.properties?.mergeCommit?.id ?? null, notes};
    },
  };
}
