import type {Session} from './app/session.ts';
import {
  redactBaseline,
  redactError,
  redactFollowEvent,
  redactImage,
  redactImageEvent,
  redactInspectionEvent,
  redactOutcome,
  redactPlan,
  redactPreview,
  redactProblem,
  redactPullRequest,
  redactReport,
  redactResult,
  redactRevision,
  redactSyncEvent,
} from './secrets/answers.ts';
import {redactEffect, redactEnvironmentEffect} from './secrets/effects.ts';
import {journalRedactor} from './secrets/journal-entries.ts';
import type {KnownSecrets} from './secrets/known.ts';
import {redactEarlier, redactEvents, redactField, redactLogNews} from './secrets/looks.ts';
import {redactChoices, redactMatrix} from './secrets/promotion-answers.ts';
import {
  redactPullRequestEffect,
  redactPullRequestList,
  redactPullRequestState,
  redactSeen,
  redactWritten,
} from './secrets/pull-requests.ts';
import {redactNote} from './secrets/revision-notes.ts';

/**
 * The session as the app and the commands get it: nothing that it answers, tells or throws holds a secret value that is
 * known, whoever said it. Only `reveal` does, which is there to show one.
 */
export function guarded(session: Session, known: KnownSecrets): Session {
  const kept = async <T>(asked: Promise<T>, redact: (answer: T) => T): Promise<T> => {
    try {
      return redact(await asked);
    } catch (error) {
      throw redactError(error, known);
    }
  };
  const asItIs = <T>(answer: T): T => answer;
  const redactEntry = journalRedactor(known);
  return {
    get version() {
      return session.version;
    },
    get readOnly() {
      return session.readOnly;
    },
    get worktree() {
      return session.worktree;
    },
    get demoHint() {
      return session.demoHint;
    },
    get revealsSecrets() {
      return session.revealsSecrets;
    },
    load: signal =>
      kept(session.load(signal), loaded => ({
        ...loaded,
        problems: loaded.problems.map(problem => redactProblem(problem, known)),
      })),
    contexts: () => kept(session.contexts(), asItIs),
    setContext: (...given) => kept(session.setContext(...given), asItIs),
    fetch: signal => kept(session.fetch(signal), asItIs),
    inspect: (name, signal, onEvent) =>
      kept(
        session.inspect(name, signal, event => onEvent(redactInspectionEvent(event, known))),
        report => redactReport(report, known),
      ),
    findLiveRevision: (...given) =>
      kept(session.findLiveRevision(...given), report => redactReport(report, known)),
    follow: (name, signal, onEvent) =>
      kept(
        session.follow(name, signal, event => onEvent(redactFollowEvent(event, known))),
        asItIs,
      ),
    followRepository: (...given) => kept(session.followRepository(...given), asItIs),
    history: (...given) => kept(session.history(...given), asItIs),
    revisions: (...given) =>
      kept(session.revisions(...given), page => ({
        ...page,
        revisions: page.revisions.map(revision => redactRevision(revision, known)),
      })),
    revisionNotes: (name, question, signal, onNote) =>
      kept(
        session.revisionNotes(name, question, signal, note => onNote(redactNote(note, known))),
        asItIs,
      ),
    commitPullRequest: (...given) => kept(session.commitPullRequest(...given), asItIs),
    commitEffect: (...given) => kept(session.commitEffect(...given), effect => redactEffect(effect, known)),
    commitDetail: (...given) =>
      kept(session.commitDetail(...given), detail => ({...detail, patch: known.redactContent(detail.patch)})),
    planSync: (...given) => kept(session.planSync(...given), plan => redactPlan(plan, known)),
    sync: (plan, confirmed, signal, onEvent, options) =>
      kept(
        session.sync(plan, confirmed, signal, event => onEvent(redactSyncEvent(event, known)), options),
        result => redactResult(result, known),
      ),
    effect: (...given) => kept(session.effect(...given), effect => redactEnvironmentEffect(effect, known)),
    planChange: (...given) => kept(session.planChange(...given), preview => redactPreview(preview, known)),
    makeChange: (...given) => kept(session.makeChange(...given), outcome => redactOutcome(outcome, known)),
    planBaseline: (...given) =>
      kept(session.planBaseline(...given), preview => redactBaseline(preview, known)),
    makeBaseline: (...given) =>
      kept(session.makeBaseline(...given), outcome => ({...outcome, message: known.redact(outcome.message)})),
    conflictFile: (...given) => kept(session.conflictFile(...given), asItIs),
    planPullRequest: (...given) =>
      kept(session.planPullRequest(...given), preview => redactPullRequest(preview, known)),
    openPullRequest: (...given) =>
      kept(session.openPullRequest(...given), outcome => redactOutcome(outcome, known)),
    pullRequests: (...given) =>
      kept(session.pullRequests(...given), list => redactPullRequestList(list, known)),
    pullRequest: (...given) =>
      kept(session.pullRequest(...given), state => redactPullRequestState(state, known)),
    followPullRequest: (number, signal, onSeen) =>
      kept(
        session.followPullRequest(number, signal, seen => onSeen(redactSeen(seen, known))),
        asItIs,
      ),
    pullRequestChange: (...given) =>
      kept(session.pullRequestChange(...given), effect => redactPullRequestEffect(effect, known)),
    mergePullRequest: (...given) => kept(session.mergePullRequest(...given), asItIs),
    runProgram: (...given) =>
      kept(session.runProgram(...given), result => ({
        ...result,
        stdout: known.redact(result.stdout),
        stderr: known.redact(result.stderr),
      })),
    updatePullRequest: (...given) =>
      kept(session.updatePullRequest(...given), written => redactWritten(written, known)),
    forgeRules: (...given) => kept(session.forgeRules(...given), asItIs),
    imageUpdates: (name, signal, onEvent, options) =>
      kept(
        session.imageUpdates(name, signal, event => onEvent(redactImageEvent(event, known)), options),
        report => ({
          ...report,
          images: report.images.map(image => redactImage(image, known)),
          problems: report.problems.map(problem => redactProblem(problem, known)),
        }),
      ),
    promotionChoices: (...given) =>
      kept(session.promotionChoices(...given), choices => redactChoices(choices, known)),
    followEvents: (name, target, signal, onSeen) =>
      kept(
        session.followEvents(name, target, signal, seen => onSeen(redactEvents(seen, known))),
        asItIs,
      ),
    followLogs: (name, query, signal, onNews) =>
      kept(
        session.followLogs(name, query, signal, news => onNews(redactLogNews(news, known))),
        asItIs,
      ),
    earlierLogs: (...given) => kept(session.earlierLogs(...given), earlier => redactEarlier(earlier, known)),
    fieldDetail: (name, question, signal, onNews) =>
      kept(
        session.fieldDetail(name, question, signal, news => onNews(redactField(news, known))),
        asItIs,
      ),
    versions: (...given) => kept(session.versions(...given), matrix => redactMatrix(matrix, known)),
    within: (question, work) => session.within(question, work),
    followJournal: (signal, onEntries) =>
      session.followJournal(signal, entries => onEntries(entries.map(redactEntry))),
    reveal: (...given) => kept(session.reveal(...given), asItIs),
    close: () => session.close(),
  };
}
