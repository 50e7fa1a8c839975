import type {ListedPullRequest, PullRequestEffect, PullRequestList, PullRequestSeen} from '../app/session.ts';
import type {PullRequest, PullRequestState, Written} from '../forges/types.ts';
import {redactEnvironmentEffect} from './effects.ts';
import type {KnownSecrets} from './known.ts';

// Pull requests are written by people, and by programs that print what they have: any text of one may quote a secret value.

/** A list whose titles hold no secret value. */
export function redactPullRequestList(list: PullRequestList, known: KnownSecrets): PullRequestList {
  if (list.forge === null) return {...list, reason: known.redact(list.reason)};
  const requests: ListedPullRequest[] = list.requests.map(request => redactPullRequestHead(request, known));
  return {...list, requests};
}

/** What a pull request's state says, without secret values. */
export function redactPullRequestState(state: PullRequestState, known: KnownSecrets): PullRequestState {
  const textOr = (text: string | null) => (text === null ? null : known.redact(text));
  return {
    ...state,
    pullRequest: redactPullRequestHead(state.pullRequest, known),
    checks:
      state.checks?.map(check => ({
        ...check,
        name: known.redact(check.name),
        summary: textOr(check.summary),
      })) ?? null,
    comments: state.comments.map(comment => ({...comment, body: known.redact(comment.body)})),
    mergeability: {
      ...state.mergeability,
      reasons: state.mergeability.reasons.map(reason => known.redact(reason)),
    },
  };
}

/** A look at one that is followed. */
export function redactSeen({state, error, retryAt}: PullRequestSeen, known: KnownSecrets): PullRequestSeen {
  return {
    state: state === null ? null : redactPullRequestState(state, known),
    error: error === null ? null : known.redact(error),
    retryAt,
  };
}

/** What one changes: its patch, and what was rendered of it. Values of Secrets are masks by then. */
export function redactPullRequestEffect(effect: PullRequestEffect, known: KnownSecrets): PullRequestEffect {
  return {
    ...effect,
    patch: known.redactContent(effect.patch),
    effects: effect.effects.map(each => redactEnvironmentEffect(each, known)),
  };
}

/** One that was written, with what of the wish was not done. */
export function redactWritten({pullRequest, notes}: Written, known: KnownSecrets): Written {
  return {
    pullRequest: redactPullRequestHead(pullRequest, known),
    notes: notes.map(note => known.redact(note)),
  };
}

function redactPullRequestHead<R extends PullRequest>(request: R, known: KnownSecrets): R {
  return {...request, title: known.redact(request.title)};
}
