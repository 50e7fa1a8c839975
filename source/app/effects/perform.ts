import type {ImageEvent, Session} from '../session.ts';
import type {Answer, Call, CallEvent} from '../state/calls.ts';

/** Asks the session what a call says. `onEvent` hears what it tells on the way; rejects as the session does. */
export async function perform(
  session: Session,
  call: Call,
  signal: AbortSignal,
  onEvent: (event: CallEvent) => void,
): Promise<Answer> {
  const {name} = call;
  switch (name) {
    case 'load':
      return {name, value: await session.load(signal)};
    case 'fetch':
      return {name, value: await session.fetch(signal)};
    case 'contexts':
      return {name, value: await session.contexts()};
    case 'setContext': {
      const {environment, context, write} = call;
      return {name, value: await session.setContext(environment, context, {write})};
    }
    case 'inspect':
      return {
        name,
        value: await session.inspect(call.environment, signal, event => onEvent({of: 'inspect', event})),
      };
    case 'history':
      return {name, value: await session.history(call.environment, signal)};
    case 'revisions':
      return {name, value: await session.revisions(call.environment, call.range, signal)};
    case 'revisionNotes':
      await session.revisionNotes(call.environment, call.question, signal, event =>
        onEvent({of: 'revisionNotes', event}),
      );
      return {name};
    case 'commitPullRequest':
      return {name, value: await session.commitPullRequest(call.environment, call.sha, signal)};
    case 'commitEffect':
      return {name, value: await session.commitEffect(call.environment, call.sha, signal)};
    case 'commitDetail':
      return {name, value: await session.commitDetail(call.environment, call.sha, signal)};
    case 'imageUpdates': {
      const {environment, fresh} = call;
      const hear = (event: ImageEvent) => onEvent({of: 'images', event});
      return {name, value: await session.imageUpdates(environment, signal, hear, {fresh})};
    }
    case 'planSync':
      return {name, value: await session.planSync(call.environment, call.options, signal)};
    case 'sync':
      return {
        name,
        value: await session.sync(
          call.plan,
          call.confirmed,
          signal,
          event => onEvent({of: 'sync', event}),
          call.wait ? {} : {waitSeconds: 0},
        ),
      };
    case 'planChange':
      return {name, value: await session.planChange(call.request, signal)};
    case 'effect': {
      const {environment, change, cluster} = call;
      return {name, value: await session.effect(environment, change, {cluster}, signal)};
    }
    case 'makeChange':
      return {name, value: await session.makeChange(call.preview, call.order, 'yes', signal)};
    case 'planBaseline':
      return {name, value: await session.planBaseline(call.request, signal)};
    case 'makeBaseline':
      return {name, value: await session.makeBaseline(call.preview, '', call.confirmed, signal)};
    case 'pullRequests':
      return {name, value: await session.pullRequests(null, signal)};
    case 'pullRequest':
      return {name, value: await session.pullRequest(call.number, signal)};
    case 'pullRequestChange':
      return {name, value: await session.pullRequestChange(call.request, {cluster: call.cluster}, signal)};
    case 'updatePullRequest':
      return {name, value: await session.updatePullRequest(call.number, call.changes, 'yes', signal)};
    case 'mergePullRequest':
      return {name, value: await session.mergePullRequest(call.order, call.confirmed, signal)};
    case 'forgeRules':
      return {name, value: await session.forgeRules(signal)};
    case 'planPullRequest':
      return {name, value: await session.planPullRequest(call.environment, signal)};
    case 'runProgram':
      return {name, value: await session.runProgram(call.order, call.confirmed, signal)};
    case 'promotionChoices':
      return {name, value: await session.promotionChoices(call.environment, call.from, signal)};
    case 'followEvents':
      await session.followEvents(call.environment, call.target, signal, event =>
        onEvent({of: 'events', event}),
      );
      return {name};
    case 'followLogs':
      await session.followLogs(call.environment, call.query, signal, event => onEvent({of: 'logs', event}));
      return {name};
    case 'earlierLogs':
      return {name, value: await session.earlierLogs(call.environment, call.question, signal)};
    case 'fieldDetail':
      await session.fieldDetail(call.environment, call.question, signal, event =>
        onEvent({of: 'field', event}),
      );
      return {name};
    case 'versions':
      return {name, value: await session.versions(signal)};
    case 'reveal':
      return {name, value: await session.reveal(call.environment, call.wanted, signal)};
    case 'openPullRequest':
      return {name, value: await session.openPullRequest(call.preview, call.order, 'yes', signal)};
  }
}
