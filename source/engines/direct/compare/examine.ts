import {ClusterError} from '../../../cluster/types.ts';
import {missing, unknown} from '../../../drift/answers.ts';
import type {DefaultsLearned} from '../../../drift/defaults.ts';
import {droppedFromGit} from '../../../drift/hidden.ts';
import {compareLocal, type LocalComparison} from '../../../drift/local.ts';
import {type PreparedDesired, prepareDesired} from '../../../drift/normalise.ts';
import {heardOfRewriting} from '../../../drift/rewritten.ts';
import type {ResourceDrift} from '../../../drift/types.ts';
import {type DryRun, verdict} from '../../../drift/verdict.ts';
import {heardAll, heardHistory, isOpen} from '../../../drift/witnesses.ts';
import {identityKey, identityOf, type ResourceId} from '../../../resources/identity.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {SchemaNode} from '../../../resources/schema.ts';
import type {Mask} from '../../../secrets/mask.ts';
import {asMember, membership} from '../apply/apply-set.ts';
import {unreadable} from '../errors.ts';
import type {FormerVersions} from '../history/former-versions.ts';
import type {Examined} from '../inspection.ts';
import {attempt, type LiveAnswer} from '../live/live.ts';
import {fluxNotes} from '../trackers/flux-ignore.ts';
import type {Deployers} from '../trackers/left-out.ts';
import type {Told} from '../trackers/told.ts';
import type {MutatingAdmission} from './admission.ts';
import type {Autoscaled} from './autoscaled.ts';
import {type Asks, DryRunner, type DryRuns, type Question} from './dry-runs.ts';
import type {Target} from './targets.ts';

/** What the examination of every resource shares. */
export interface ExaminationSetting {
  cluster: Asks;
  mask: Mask;
  learned: DefaultsLearned;
  dryRunner: DryRunner;
  autoscaled: Autoscaled;
  formerVersions: FormerVersions;
  admission: MutatingAdmission;
  /** Who deploys the folder besides. */
  deployers: Deployers;
  signal: AbortSignal;
}

/** A resource, with what is known of it before the server is asked. */
export interface Candidate {
  target: Target;
  schema: SchemaNode | undefined;
  answer: LiveAnswer | undefined;
  /** The live object under another name that git's generated one replaces (drift trap 45). */
  predecessor?: JsonObject;
  /** How it is to be judged; the same object where nothing about it has changed. */
  told: Told;
}

/** How often a resource that moves under us is read again before it is told as undecided. */
const mostRereads = 2;

/** Compares one resource, asks the server where that is needed, and gives the verdict. Throws only when aborted. */
export async function examine(setting: ExaminationSetting, candidate: Candidate): Promise<Examined> {
  const {target, schema, predecessor} = candidate;
  const {mask} = setting;
  const subject = {id: target.id, version: target.version, source: target.desired.location};
  const {settled, kind} = target;
  const examined = (
    drift: ResourceDrift,
    more: {live?: JsonObject; prepared?: PreparedDesired; local?: LocalComparison} = {},
  ): Examined => {
    const {live = null, prepared = prepareDesired(target.object, schema), local = null} = more;
    const plain = {target, live, schema, prepared, local, drift};
    if (live === null || local === null || DryRunner.isNeeded(local) || local.error !== null) return plain;
    // Of what is equal the comparison can be made again, and mostly nobody asks: it is a quarter of all memory.
    const compare = () => compareWithLive(setting, candidate, live).local;
    return Object.defineProperty(plain, 'local', {get: compare, enumerable: true});
  };

  if (settled?.status === 'Unknown') {
    return examined(unknown({...subject, reason: settled.reason, desired: target.object, mask}));
  }
  if (settled !== null || kind === undefined) {
    const prepared = prepareDesired(target.object, schema);
    const notes = settled === null ? [] : [settled.reason];
    return examined(missing({...subject, prepared, mask, notes}), {prepared});
  }
  let answer = candidate.answer;
  for (let reads = 0; ; reads++) {
    if (answer === undefined || answer instanceof ClusterError) {
      const reason = answer === undefined ? 'it was not read' : unreadable(answer);
      return examined(unknown({...subject, reason, desired: target.object, mask}));
    }
    if (answer === null) {
      const prepared = prepareDesired(target.object, schema);
      if (predecessor === undefined) return examined(missing({...subject, prepared, mask}), {prepared});
      // Another object is live in its place: what differs is told against that one, and a sync makes this one.
      return examined(againstPredecessor(setting, candidate, predecessor), {prepared});
    }
    const live: JsonObject = answer;
    const {prepared, local: compared} = compareWithLive(setting, candidate, live);
    const witnesses = {id: target.id, live, schema};
    const local = compared.removalCandidates.some(isOpen)
      ? heardHistory(compared, {...witnesses, former: await formerOf(setting, target.id, schema)})
      : compared;
    const input = {
      ...subject,
      healthOf: candidate.told.healthOf,
      prepared,
      live,
      schema,
      local,
      mask,
      learned: setting.learned,
    };
    const judge = (dryRuns: Partial<DryRuns> = {}, heard = local) => {
      const drift = verdict({...input, ...dryRuns, local: heard});
      const notes = setting.deployers.byFlux ? fluxNotes(drift, prepared.object, live) : [];
      const dropped = droppedFromGit(target.object, prepared, mask);
      const told = {...drift, notes: [...drift.notes, ...notes], hidden: [...drift.hidden, ...dropped]};
      return examined(told, {live, prepared, local: heard});
    };
    if (!DryRunner.isNeeded(local)) return judge();
    const question = {target: {...target, kind}, schema, prepared, live, local};
    const dryRuns = await setting.dryRunner.ask(setting.cluster, question, setting.signal);
    if (dryRuns !== 'moved') {
      return judge(dryRuns, await heard(setting, question, dryRuns));
    }
    if (reads >= mostRereads) {
      const reason = 'it keeps changing while it is compared';
      return examined(unknown({...subject, reason, desired: target.object, live, mask}), {live, prepared});
    }
    answer = await attempt(
      () => setting.cluster.get(kind, target.id.namespace, target.id.name, setting.signal),
      setting.signal,
    );
  }
}

async function formerOf(
  {formerVersions}: Pick<ExaminationSetting, 'formerVersions'>,
  id: ResourceId,
  schema: SchemaNode | undefined,
): Promise<JsonObject[]> {
  return (await formerVersions.of(id)).map(object => prepareDesired(object, schema).object);
}

/** The comparison with what others than the server can tell, where the server did not answer. */
async function heard(
  setting: Pick<ExaminationSetting, 'admission' | 'formerVersions' | 'signal'>,
  {target: {id, kind}, schema, prepared, live, local}: Question & {schema: SchemaNode | undefined},
  {applied, stripped}: DryRuns,
): Promise<LocalComparison> {
  const isAnswered = (answer: DryRun | undefined) =>
    answer !== undefined && ('object' in answer || answer.error.reason === 'invalid');
  const isLeftOpen = !isAnswered(stripped) && local.removalCandidates.some(isOpen);
  const isRewritable = !isAnswered(applied) && local.differences.some(({certain}) => certain);
  if (!isLeftOpen && !isRewritable) return local;
  const mayChange = await setting.admission.mayChange(kind, id.namespace, setting.signal);
  const subject = {id, live, schema};
  const settled = isLeftOpen ? heardAll(local, {...subject, isUntouched: mayChange === false}) : local;
  if (!isRewritable || mayChange === false) return settled;
  const former = await formerOf(setting, id, schema);
  return heardOfRewriting(settled, {
    ...subject,
    desired: prepared.object,
    former,
    isKnown: mayChange === true,
  });
}

/** Compares git's side with a live object, without asking the server. */
export function compareWithLive(
  setting: Pick<ExaminationSetting, 'autoscaled' | 'learned'>,
  {target, schema, told}: Pick<Candidate, 'target' | 'schema' | 'told'>,
  live: JsonObject,
): {prepared: PreparedDesired; local: LocalComparison} {
  // The mark of an ApplySet is not in git and not drift: git's side gets the one that live has.
  const set = membership(live);
  const object = set === undefined ? target.object : asMember(target.object, set);
  const prepared = prepareDesired(object, schema);
  const autoscaled = setting.autoscaled.of(identityKey(target.id));
  const local = compareLocal({
    id: target.id,
    prepared,
    live,
    schema,
    ignore: told.rules,
    learned: setting.learned,
    autoscaled,
  });
  return {prepared, local};
}

function againstPredecessor(
  setting: ExaminationSetting,
  candidate: Candidate,
  predecessor: JsonObject,
): ResourceDrift {
  const {mask, learned} = setting;
  const {target, schema} = candidate;
  const {prepared, local} = compareWithLive(setting, candidate, predecessor);
  return verdict({
    id: target.id,
    version: target.version,
    source: target.desired.location,
    healthOf: candidate.told.healthOf,
    prepared,
    live: predecessor,
    schema,
    local,
    mask,
    learned,
    renamedFrom: identityOf(predecessor).name,
  });
}

/** The kinds whose schemas an examination needs, each once. */
export function kindsOf(targets: readonly Target[]): Kind[] {
  return [...new Set(targets.flatMap(({kind}) => (kind === undefined ? [] : [kind])))];
}
