import * as v from 'valibot';
import {ForgeError} from './error.ts';
import {line, lines, maybeUrl, sha, time} from './fields.ts';
import {type Access, ifAllowed, lastOfEach, mostItems, mostListed, orNote, unmet} from './opening.ts';
import {authorizationOf} from './token.ts';
import {forgeTransport} from './transport.ts';
import type {
  Check,
  Comment,
  Forge,
  ForgeRepository,
  Mergeability,
  PullRequest,
  PullRequestState,
  Review,
} from './types.ts';

const perPage = 100;
/** A longer description is refused. */
const mostDescription = 4000;

const person = v.object({displayName: v.optional(line, 'somebody')});
const pull = v.object({
  pullRequestId: v.number(),
  title: line,
  status: v.string(),
  isDraft: v.optional(v.boolean(), false),
  createdBy: v.optional(person),
  creationDate: time,
  sourceRefName: line,
  targetRefName: line,
  mergeStatus: v.optional(v.string(), 'notSet'),
  mergeFailureMessage: v.nullish(line, null),
  lastMergeSourceCommit: v.nullish(v.object({commitId: sha}), null),
  lastMergeCommit: v.nullish(v.object({commitId: sha}), null),
  forkSource: v.optional(v.object({repository: v.object({name: v.optional(line, '(deleted)')})})),
  repository: v.object({project: v.object({id: v.string()})}),
  reviewers: v.optional(
    v.array(
      v.object({...person.entries, id: v.string(), vote: v.number(), isContainer: v.optional(v.boolean())}),
    ),
    [],
  ),
});
const listOf = <T extends v.GenericSchema>(item: T) => v.object({value: v.array(item)});
const status = v.object({
  context: v.optional(v.object({name: v.optional(line, 'status'), genre: v.nullish(line, null)})),
  state: v.string(),
  targetUrl: v.nullish(v.string(), null),
  description: v.nullish(line, null),
  iterationId: v.optional(v.number(), 0),
  id: v.optional(v.number(), 0),
});
const evaluation = v.object({
  status: v.optional(v.string(), 'queued'),
  configuration: v.object({
    isBlocking: v.optional(v.boolean(), false),
    isEnabled: v.optional(v.boolean(), true),
    type: v.object({displayName: line}),
    settings: v.optional(
      v.object({
        displayName: v.nullish(line, null),
        minimumApproverCount: v.optional(v.number()),
        statusName: v.nullish(line, null),
      }),
      {},
    ),
  }),
});
const thread = v.object({
  status: v.nullish(v.string(), null),
  isDeleted: v.optional(v.boolean(), false),
  threadContext: v.nullish(
    v.object({
      filePath: v.nullish(line, null),
      rightFileStart: v.nullish(v.object({line: v.number()}), null),
      leftFileStart: v.nullish(v.object({line: v.number()}), null),
    }),
    null,
  ),
  comments: v.optional(
    v.array(
      v.object({
        author: v.optional(person),
        content: v.nullish(lines, ''),
        publishedDate: time,
        commentType: v.optional(v.string(), 'text'),
        isDeleted: v.optional(v.boolean(), false),
      }),
    ),
    [],
  ),
});

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

    async findOpen(branch, target, signal) {
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
        mergeability: mergeabilityOf(found, pullRequest, unmet(pullRequest, {checks, reviews, approvals})),
        protection:
          policies === null
            ? null
            : {approvals, checks: policies.flatMap(policyCheck).map(check => check.name)},
        methods: ['merge', 'squash', 'rebase'],
      };
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

/** Every report is kept; the last one of each name counts. */
function newest(found: readonly v.InferOutput<typeof status>[]): v.InferOutput<typeof status>[] {
  const last = new Map<string, v.InferOutput<typeof status>>();
  for (const item of [...found].sort((a, b) => a.iterationId - b.iterationId || a.id - b.id))
    last.set(`${item.context?.genre}/${item.context?.name}`, item);
  return [...last.values()];
}

const statusResults: Readonly<Record<string, Check['result']>> = {
  succeeded: 'passed',
  failed: 'failed',
  error: 'failed',
  pending: 'running',
  notApplicable: 'skipped',
};

function checkOf(found: v.InferOutput<typeof status>): Check {
  const {genre, name = 'status'} = found.context ?? {};
  return {
    name: genre ? `${genre}/${name}` : name,
    result: statusResults[found.state] ?? 'waiting',
    required: null,
    url: v.parse(maybeUrl, found.targetUrl),
    summary: found.description || null,
  };
}

const policyResults: Readonly<Record<string, Check['result']>> = {
  approved: 'passed',
  rejected: 'failed',
  broken: 'failed',
  running: 'running',
  notApplicable: 'skipped',
};

/** A policy as a check; the one that counts approvals shows among the reviews. */
function policyCheck({configuration, status: state}: v.InferOutput<typeof evaluation>): Check[] {
  const {settings, type, isBlocking} = configuration;
  if (settings.minimumApproverCount !== undefined) return [];
  return [
    {
      name: settings.displayName || settings.statusName || type.displayName,
      result: policyResults[state] ?? 'waiting',
      required: isBlocking,
      url: null,
      summary: null,
    },
  ];
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers: 10, 5, 0, -5, -10. */
function reviewOf(found: v.InferOutput<typeof pull>['reviewers'][number]): Review {
  const {vote} = found;
  const verdict = vote > 0 ? 'approved' : vote < 0 ? 'changes-requested' : 'requested';
  return {author: found.displayName, verdict, at: null};
}

function commentsOf(found: v.InferOutput<typeof thread>): Comment[] {
  if (found.isDeleted) return [];
  const {threadContext: where, status: state} = found;
  return found.comments
    .filter(comment => comment.commentType !== 'system' && !comment.isDeleted)
    .map(comment => ({
      author: comment.author?.displayName ?? 'somebody',
      body: comment.content ?? '',
      at: comment.publishedDate,
      file: where?.filePath?.replace(/^\//, '') ?? null,
      line: where?.rightFileStart?.line ?? where?.leftFileStart?.line ?? null,
      resolved: state === null ? null : ['fixed', 'wontFix', 'closed', 'byDesign'].includes(state),
    }));
}

function mergeabilityOf(
  found: v.InferOutput<typeof pull>,
  pullRequest: PullRequest,
  reasons: readonly string[],
): Mergeability {
  if (reasons.length > 0) return {verdict: 'blocked', reasons};
  switch (found.mergeStatus) {
    case 'succeeded':
      return {verdict: 'allowed', reasons: []};
    case 'conflicts':
      return {verdict: 'blocked', reasons: [`it conflicts with ${pullRequest.base}`]};
    case 'rejectedByPolicy':
    case 'failure':
      return {verdict: 'blocked', reasons: [found.mergeFailureMessage ?? 'a policy forbids it']};
    default:
      return {verdict: 'checking', reasons: ['Azure DevOps is still finding out whether it can be merged']};
  }
}
