import type {VersionMatrix} from '../../changes/promotion/matrix.ts';
import type {PromotionChoices} from '../../changes/promotion/types.ts';
import type {EnvironmentReport} from '../../drift/types.ts';
import type {
  Deployment,
  InspectionEvent,
  SyncEvent,
  SyncOptions,
  SyncPlan,
  SyncResult,
} from '../../engines/types.ts';
import type {
  EarlierLines,
  EarlierLogs,
  EventsSeen,
  FieldNews,
  FieldQuestion,
  LogNews,
  LogQuery,
  LookTarget,
} from '../../looks/types.ts';
import {formatPath} from '../../resources/field-path.ts';
import {formatIdentity} from '../../resources/identity.ts';
import type {
  BaselineOutcome,
  BaselinePreview,
  BaselineRequest,
  ChangeOrder,
  ChangeOutcome,
  ChangePreview,
  ChangeRequest,
  ContextChoice,
  ContextChosen,
  EnvironmentEffect,
  EnvironmentRule,
  ImageEvent,
  ImageReport,
  MergeResult,
  ProgramOrder,
  ProgramResult,
  PullRequest,
  PullRequestChanges,
  PullRequestEffect,
  PullRequestList,
  PullRequestMerge,
  PullRequestPreview,
  PullRequestState,
  RenderedEffect,
  RepositorySummary,
  Revealed,
  RevisionNote,
  RevisionPage,
  RevisionQuestion,
  RevisionRange,
  SecretKey,
  Session,
  Written,
} from '../session.ts';

import {targetWords} from './screens/events-screen.ts';

/** Consent as the session takes it. */
export type Confirmation = 'yes' | {typed: string};

/** A question to the session, as data: the reducer asks by adding one, the effects ask it. */
export type Call =
  | {name: 'load'}
  | {name: 'fetch'}
  | {name: 'contexts'}
  | {name: 'setContext'; environment: string; context: string; write: boolean}
  /** `quiet`: asked by the clock, not by the user; nothing on the screen moves until the answer. */
  | {name: 'inspect'; environment: string; quiet: boolean}
  | {name: 'history'; environment: string}
  | {name: 'revisions'; environment: string; range: RevisionRange}
  | {name: 'revisionNotes'; environment: string; question: RevisionQuestion}
  | {name: 'commitDetail'; environment: string; sha: string}
  | {name: 'commitEffect'; environment: string; sha: string}
  | {name: 'imageUpdates'; environment: string; fresh: boolean}
  | {name: 'commitPullRequest'; environment: string; sha: string}
  | {name: 'planSync'; environment: string; options: SyncOptions}
  | {name: 'sync'; plan: SyncPlan; confirmed: Confirmation; wait: boolean}
  | {name: 'planChange'; request: ChangeRequest}
  | {
      name: 'effect';
      environment: string;
      change: {from: string | null; to: string};
      cluster: 'ask' | 'at-hand' | 'no';
    }
  | {name: 'makeChange'; preview: ChangePreview; order: ChangeOrder}
  | {name: 'planBaseline'; request: BaselineRequest}
  | {name: 'makeBaseline'; preview: BaselinePreview; confirmed: Confirmation}
  | {name: 'planPullRequest'; environment: string}
  | {name: 'pullRequests'}
  | {name: 'pullRequest'; number: number}
  | {name: 'pullRequestChange'; request: PullRequest; cluster: 'at-hand' | 'no'}
  | {name: 'mergePullRequest'; order: PullRequestMerge; confirmed: Confirmation}
  | {name: 'updatePullRequest'; number: number; changes: PullRequestChanges}
  | {name: 'forgeRules'}
  | {name: 'promotionChoices'; environment: string; from: string}
  | {name: 'versions'}
  | {name: 'followEvents'; environment: string; target: LookTarget}
  | {name: 'followLogs'; environment: string; query: LogQuery}
  | {name: 'earlierLogs'; environment: string; question: EarlierLogs}
  | {name: 'fieldDetail'; environment: string; question: FieldQuestion}
  /** A program of the user's own. */
  | {name: 'runProgram'; order: ProgramOrder; confirmed: Confirmation}
  | {name: 'reveal'; environment: string; wanted: SecretKey}
  | {name: 'openPullRequest'; preview: PullRequestPreview; order: Omit<ChangeOrder, 'via'>};

/** What each call answers. */
export type Answer =
  | {name: 'load'; value: Awaited<ReturnType<Session['load']>>}
  | {name: 'fetch'; value: RepositorySummary}
  | {name: 'contexts'; value: readonly ContextChoice[]}
  | {name: 'setContext'; value: ContextChosen}
  | {name: 'inspect'; value: EnvironmentReport}
  | {name: 'history'; value: readonly Deployment[]}
  | {name: 'revisions'; value: RevisionPage}
  | {name: 'revisionNotes'}
  | {name: 'commitEffect'; value: RenderedEffect}
  | {name: 'commitPullRequest'; value: PullRequest | null}
  | {name: 'commitDetail'; value: Awaited<ReturnType<Session['commitDetail']>>}
  | {name: 'imageUpdates'; value: ImageReport}
  | {name: 'planSync'; value: SyncPlan}
  | {name: 'sync'; value: SyncResult}
  | {name: 'planChange'; value: ChangePreview}
  | {name: 'effect'; value: EnvironmentEffect}
  | {name: 'makeChange'; value: ChangeOutcome}
  | {name: 'planBaseline'; value: BaselinePreview}
  | {name: 'makeBaseline'; value: BaselineOutcome}
  | {name: 'planPullRequest'; value: PullRequestPreview}
  | {name: 'pullRequests'; value: PullRequestList}
  | {name: 'pullRequest'; value: PullRequestState}
  | {name: 'pullRequestChange'; value: PullRequestEffect}
  | {name: 'mergePullRequest'; value: MergeResult}
  | {name: 'updatePullRequest'; value: Written}
  | {name: 'forgeRules'; value: readonly EnvironmentRule[]}
  | {name: 'openPullRequest'; value: ChangeOutcome}
  | {name: 'promotionChoices'; value: PromotionChoices}
  | {name: 'versions'; value: VersionMatrix}
  | {name: 'followEvents'}
  | {name: 'followLogs'}
  | {name: 'earlierLogs'; value: EarlierLines}
  | {name: 'fieldDetail'}
  | {name: 'runProgram'; value: ProgramResult}
  | {name: 'reveal'; value: Revealed};

/** What a call tells while it runs. */
export type CallEvent =
  | {of: 'inspect'; event: InspectionEvent}
  | {of: 'sync'; event: SyncEvent}
  | {of: 'revisionNotes'; event: RevisionNote}
  | {of: 'events'; event: EventsSeen}
  | {of: 'logs'; event: LogNews}
  | {of: 'field'; event: FieldNews}
  | {of: 'images'; event: ImageEvent};

/** Whose question it is: when the owner goes, the question is taken back. */
export type Owner = 'app' | 'screen' | 'dialog';

/** A question that waits for its answer. An answer whose token no request has any more comes too late and is dropped. */
export interface Request {
  readonly token: number;
  readonly owner: Owner;
  readonly call: Call;
  /** When it was asked, in ms. */
  readonly askedAt: number;
  /** True once it is to be taken back; it stays until it has settled, because what it did so far counts. */
  readonly stopping: boolean;
}

/** Calls that change something: they are never taken back silently. */
export function changesTheWorld(call: Call): boolean {
  if (call.name === 'setContext') return call.write;
  if (call.name === 'runProgram') return call.order.changes;
  return (
    call.name === 'sync' ||
    call.name === 'makeChange' ||
    call.name === 'makeBaseline' ||
    call.name === 'openPullRequest' ||
    call.name === 'mergePullRequest' ||
    call.name === 'updatePullRequest'
  );
}

/** What the list of calls (`@`) shows of one. */
export function describeCall(call: Call): string {
  switch (call.name) {
    case 'load':
    case 'fetch':
    case 'contexts':
    case 'versions':
      return call.name;
    case 'followEvents':
      return `events of ${targetWords(call.target)} in ${call.environment}`;
    case 'followLogs':
      return `logs of ${formatIdentity(call.query.target.id)} in ${call.environment}${call.query.previous ? ' before the last start' : ''}`;
    case 'earlierLogs':
      return `earlier logs of ${formatIdentity(call.question.target.id)} in ${call.environment}`;
    case 'fieldDetail':
      return `${formatPath(call.question.elements)} of ${formatIdentity(call.question.id)} in ${call.environment}`;
    case 'promotionChoices':
      return `what ${call.environment} could get from ${call.from}`;
    case 'setContext':
      return `${call.write ? 'write down' : 'use'} context ${call.context} for ${call.environment}`;
    case 'revisions':
      return `revisions ${call.environment} from ${call.range.skip}`;
    case 'revisionNotes':
      return `${call.question.about.join(', ')} of ${call.question.shas.length} revisions of ${call.environment}`;
    case 'commitDetail':
      return `commit ${call.sha.slice(0, 7)} of ${call.environment}`;
    case 'commitPullRequest':
      return `pull request of commit ${call.sha.slice(0, 7)}`;
    case 'commitEffect':
      return `commit ${call.sha.slice(0, 7)} of ${call.environment}, rendered`;
    case 'imageUpdates':
      return `images of ${call.environment}`;
    case 'planSync':
      return `plan sync ${call.environment}${call.options.prune ? ' prune' : ''}${call.options.force ? ' force' : ''}`;
    case 'sync':
      return `sync ${call.plan.environment} to ${call.plan.revision.slice(0, 7)}`;
    case 'planChange':
      return `plan ${describeChange(call.request)}`;
    case 'effect':
      return `what ${call.change.to.slice(0, 7)} does to ${call.environment}${call.cluster === 'ask' ? ' and its cluster' : ''}`;
    case 'makeChange':
      return `${describeChange(call.preview.request)} by ${call.order.via}`;
    case 'planBaseline':
      return `known good revisions of ${call.request.environment}`;
    case 'makeBaseline':
      return `mark ${call.preview.commit?.sha.slice(0, 7) ?? ''} as known good for ${call.preview.environment}`;
    case 'openPullRequest':
      return `open pull request ${call.preview.branch}`;
    case 'pullRequests':
      return 'pull requests';
    case 'pullRequest':
      return `pull request #${call.number}`;
    case 'pullRequestChange':
      return `what pull request #${call.request.number} changes${call.cluster === 'no' ? '' : ' on clusters'}`;
    case 'updatePullRequest':
      return `change pull request #${call.number}: ${Object.keys(call.changes).join(', ')}`;
    case 'mergePullRequest':
      return `merge pull request #${call.order.number} at ${call.order.head.slice(0, 7)}`;
    case 'runProgram':
      return `${call.order.name}: ${call.order.argv.join(' ')}`;
    case 'forgeRules':
      return 'what the forge says of pushes';
    case 'planPullRequest':
      return `plan pull request ${call.environment}`;
    case 'reveal': {
      const {namespace, name, key} = call.wanted;
      return `reveal ${key} of Secret ${namespace}/${name} in ${call.environment}`;
    }
    case 'inspect':
      return `inspect ${call.environment}${call.quiet ? ' (by itself)' : ''}`;
    case 'history':
      return `history ${call.environment}`;
  }
}

function describeChange(request: ChangeRequest): string {
  switch (request.kind) {
    case 'adopt':
      return `adopt ${request.resources.map(({id}) => formatIdentity(id)).join(', ')} in ${request.environment}`;
    case 'revert':
      return `revert ${request.environment} to ${request.target?.slice(0, 7) ?? 'the last known good'} (${request.mode})`;
    case 'images':
      return `update ${request.updates.length === 1 ? 'an image' : `${request.updates.length} images`} of ${request.environment}`;
    case 'promote': {
      const what = request.way === 'merge' ? 'merge' : `${request.items?.length ?? 'default'} items`;
      return `promote ${request.from} to ${request.environment} (${what})`;
    }
  }
}
