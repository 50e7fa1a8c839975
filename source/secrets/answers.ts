import type {BaselinePreview} from '../changes/baseline.ts';
import type {ImageEvent, ImageUpdate} from '../changes/images/types.ts';
import type {AdoptPreview, ChangeOutcome, ChangePreview, PullRequestPreview} from '../changes/types.ts';
import type {EnvironmentReport, ResourceDrift} from '../drift/types.ts';
import type {FollowEvent, InspectionEvent, SyncEvent, SyncPlan, SyncResult} from '../engines/types.ts';
import type {Commit} from '../repository/types.ts';
import type {Json, JsonObject} from '../resources/json.ts';
import type {Problem} from '../resources/problem.ts';
import type {Revision} from '../revisions/types.ts';
import type {KnownSecrets} from './known.ts';
import {redactItem} from './promotion-answers.ts';

// What engines, git and forges answer, with the words of others in it gone over. Values of Secrets are masks by then, where
// they stand in their place; these are the sentences that quote them.

/** A report whose messages hold no secret value. */
export function redactReport(report: EnvironmentReport, known: KnownSecrets): EnvironmentReport {
  return {
    ...report,
    resources: report.resources.map(resource => redactResource(resource, known)),
    errors: mapChanged(report.errors, problem => redactProblem(problem, known)),
  };
}

/**
 * A resource without the secret values that others say of it, or that stand in an object that is no Secret: a ConfigMap, a
 * pod's environment. Its two sides are gone over when somebody looks at them.
 */
export function redactResource(resource: ResourceDrift, known: KnownSecrets): ResourceDrift {
  const before = redactedBefore.get(resource);
  if (before !== undefined && before.version === known.version && before.known === known)
    return before.redacted;
  const redacted = withoutSecrets(resource, known);
  redactedBefore.set(resource, {known, version: known.version, redacted});
  return redacted;
}

// What is followed comes again with each change of anything; what did not change stays the object that it was.
const redactedBefore = new WeakMap<
  ResourceDrift,
  {known: KnownSecrets; version: number; redacted: ResourceDrift}
>();

function withoutSecrets(resource: ResourceDrift, known: KnownSecrets): ResourceDrift {
  const redacted: ResourceDrift = {
    ...resource,
    healthMessage: known.redact(resource.healthMessage),
    notes: mapChanged(resource.notes, note => known.redact(note)),
    error: resource.error === null ? null : known.redact(resource.error),
    fields: mapChanged(resource.fields, field => redactField(field, known)),
    hidden: mapChanged(resource.hidden, field => redactField(field, known)),
  };
  for (const side of ['desired', 'live'] as const) {
    const object = resource[side];
    if (object === null) continue;
    let shown: JsonObject | undefined;
    const get = () => {
      shown ??= known.redactValue(object);
      return shown;
    };
    Object.defineProperty(redacted, side, {get, enumerable: true});
  }
  return redacted;
}

/** A field that differs, its values without secret ones. */
export function redactField<T extends {path: string; desired?: Json; live?: Json}>(
  field: T,
  known: KnownSecrets,
): T {
  const shown = {...field};
  if (field.desired !== undefined) shown.desired = known.redactValue(field.desired);
  if (field.live !== undefined) shown.live = known.redactValue(field.live);
  return shown.desired === field.desired && shown.live === field.live ? field : shown;
}

/** A problem whose words hold no secret value. */
export function redactProblem(problem: Problem, known: KnownSecrets): Problem {
  const message = known.redact(problem.message);
  const fix = problem.fix === undefined ? undefined : known.redact(problem.fix);
  if (message === problem.message && fix === problem.fix) return problem;
  return {...problem, message, ...(fix === undefined ? {} : {fix})};
}

/** Takes secret values out of a plan's words. In place: what runs is the very plan that was shown. */
export function redactPlan(plan: SyncPlan, known: KnownSecrets): SyncPlan {
  for (const step of plan.steps) if (step.reason !== null) step.reason = known.redact(step.reason);
  plan.blockers = plan.blockers.map(blocker => known.redact(blocker));
  plan.problems = plan.problems.map(problem => redactProblem(problem, known));
  return plan;
}

/** What a sync came to, without secret values. */
export function redactResult(result: SyncResult, known: KnownSecrets): SyncResult {
  return {
    ...result,
    message: known.redact(result.message),
    failed: result.failed.map(item => ({...item, message: known.redact(item.message)})),
    unhealthy: result.unhealthy.map(item => ({...item, message: known.redact(item.message)})),
    ...(result.newPlan === undefined ? {} : {newPlan: redactPlan(result.newPlan, known)}),
  };
}

/** What a running sync tells, without secret values. */
export function redactSyncEvent(event: SyncEvent, known: KnownSecrets): SyncEvent {
  const isTold = event.type === 'step' || event.type === 'health';
  return isTold && event.message !== null ? {...event, message: known.redact(event.message)} : event;
}

/** What an inspection tells, without secret values. */
export function redactInspectionEvent(event: InspectionEvent, known: KnownSecrets): InspectionEvent {
  return event.type === 'resource' ? {...event, resource: redactResource(event.resource, known)} : event;
}

/** What following tells, without secret values. */
export function redactFollowEvent(event: FollowEvent, known: KnownSecrets): FollowEvent {
  return event.type === 'report'
    ? {...event, report: redactReport(event.report, known)}
    : {...event, problem: redactProblem(event.problem, known)};
}

/** Takes secret values out of a change's preview; in place, as it is given back to be made. */
export function redactPreview(preview: ChangePreview, known: KnownSecrets): ChangePreview {
  const {plan} = preview;
  plan.patch = known.redactContent(plan.patch);
  plan.message = known.redactContent(plan.message);
  plan.conflicts = plan.conflicts.map(conflict => ({
    ...conflict,
    hunks: known.redactContent(conflict.hunks),
  }));
  if (preview.kind === 'adopt') redactAdoption(preview.plan, known);
  if (preview.kind === 'revert') {
    const revert = preview.plan;
    revert.target = redactCommit(revert.target, known);
    revert.undone = revert.undone.map(commit => redactCommit(commit, known));
    if (revert.until !== undefined) revert.until = redactCommit(revert.until, known);
    revert.merges = revert.merges.map(merge => ({...merge, subject: known.redactContent(merge.subject)}));
  }
  if (preview.kind === 'promote') preview.items = preview.items.map(item => redactItem(item, known));
  return preview;
}

/** What marking a revision would do, without secret values. */
export function redactBaseline(preview: BaselinePreview, known: KnownSecrets): BaselinePreview {
  return {
    ...preview,
    commit: preview.commit === null ? null : redactCommit(preview.commit, known),
    known: preview.known.map(mark => ({...mark, note: known.redactContent(mark.note)})),
  };
}

function redactAdoption(plan: AdoptPreview['plan'], known: KnownSecrets): void {
  plan.adopted = plan.adopted.map(field => ({
    ...field,
    ...(field.git === undefined ? {} : {git: known.redactValue(field.git)}),
    ...(field.live === undefined ? {} : {live: known.redactValue(field.live)}),
    note: field.note === null ? null : known.redact(field.note),
  }));
  plan.left = plan.left.map(field => ({...field, reason: known.redact(field.reason)}));
}

/** Takes secret values out of a pull request's preview; in place, as it is given back to be opened. */
export function redactPullRequest(preview: PullRequestPreview, known: KnownSecrets): PullRequestPreview {
  preview.patch = known.redactContent(preview.patch);
  preview.title = known.redactContent(preview.title);
  preview.body = known.redactContent(preview.body);
  preview.commits = preview.commits.map(commit => redactCommit(commit, known));
  return preview;
}

/** A row of the log whose subject holds no secret value. */
export function redactRevision(revision: Revision, known: KnownSecrets): Revision {
  return {...revision, subject: known.redactContent(revision.subject)};
}

function redactCommit(commit: Commit, known: KnownSecrets): Commit {
  return {...commit, subject: known.redactContent(commit.subject)};
}

/** An image's update whose words hold no secret value. Its names stay: an update is asked for by them. */
export function redactImage(image: ImageUpdate, known: KnownSecrets): ImageUpdate {
  return image.problem === null ? image : {...image, problem: known.redact(image.problem)};
}

/** What is told while registries are asked, without secret values. */
export function redactImageEvent(event: ImageEvent, known: KnownSecrets): ImageEvent {
  return event.type === 'image' ? {...event, image: redactImage(event.image, known)} : event;
}

/** What became of a revert or a pull request, without secret values. */
export function redactOutcome(outcome: ChangeOutcome, known: KnownSecrets): ChangeOutcome {
  const {pullRequest, newPreview} = outcome;
  return {
    ...outcome,
    message: known.redact(outcome.message),
    pullRequest:
      pullRequest === null || pullRequest.opened
        ? pullRequest
        : {...pullRequest, reason: known.redact(pullRequest.reason)},
    ...(newPreview === undefined ? {} : {newPreview: redactPreview(newPreview, known)}),
  };
}

/** The error with secret values taken out of its message, fix and stack; what is no error is given as it is. */
export function redactError(error: unknown, known: KnownSecrets): unknown {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth++) {
    for (const name of ['message', 'stack', 'fix']) {
      const words: unknown = Reflect.get(inner, name);
      if (typeof words !== 'string') continue;
      const redacted = known.redact(words);
      if (redacted !== words)
        Object.defineProperty(inner, name, {value: redacted, configurable: true, writable: true});
    }
  }
  return error;
}

function mapChanged<T>(items: T[], map: (item: T) => T): T[] {
  let changed: T[] | undefined;
  for (const [index, item] of items.entries()) {
    const mapped = map(item);
    if (mapped === item) continue;
    changed ??= [...items];
    changed[index] = mapped;
  }
  return changed ?? items;
}
