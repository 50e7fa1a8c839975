import type {ListedPullRequest, PullRequestState} from '../app/session.ts';
import type {JsonObject} from '../resources/json.ts';

/** The open pull requests as a document: each with the environments that it touches and, where it could be told, its state. */
export function listDocument(
  forge: string,
  requests: readonly ListedPullRequest[],
  states: ReadonlyMap<number, PullRequestState>,
): JsonObject {
  return {
    schemaVersion: 1,
    forge,
    pullRequests: requests.map(request => {
      const state = states.get(request.number);
      const {environments, ...rest} = request;
      return {
        ...rest,
        environments: [...environments],
        state: request.state,
        checks: state?.checks?.map(check => ({...check})) ?? null,
        reviews: state?.reviews.map(review => ({...review})) ?? null,
        mergeability: state === undefined ? null : mergeabilityOf(state),
      };
    }),
  };
}

/** One pull request as a document. */
export function stateDocument(state: PullRequestState): JsonObject {
  const {pullRequest, checks, reviews, comments, protection, methods} = state;
  return {
    schemaVersion: 1,
    ...pullRequest,
    checks: checks?.map(check => ({...check})) ?? null,
    reviews: reviews.map(review => ({...review})),
    comments: comments.map(comment => ({...comment})),
    mergeability: mergeabilityOf(state),
    protection:
      protection === null
        ? null
        : {
            approvals: protection.approvals,
            checks: protection.checks === null ? null : [...protection.checks],
          },
    methods: [...methods],
  };
}

function mergeabilityOf({mergeability: {verdict, reasons}}: PullRequestState): JsonObject {
  return {verdict, reasons: [...reasons]};
}
