import {type Cluster, ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import {extra} from '../../../drift/answers.ts';
import {extraMembers} from '../../../drift/pairing.ts';
import type {Environment} from '../../../environments/types.ts';
import type {HealthRule} from '../../../health/health.ts';
import {identityKey, identityOf} from '../../../resources/identity.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Problem} from '../../../resources/problem.ts';
import type {Mask} from '../../../secrets/mask.ts';
import type {DesiredResource} from '../../../sources/types.ts';
import {type ApplySet, emptyApplySet, foreignApplySet} from '../apply/apply-set.ts';
import {findMembers} from '../apply/members.ts';
import {stillLive} from '../history/former.ts';
import type {ClusterView, ExtraObject} from '../inspection.ts';
import type {LiveAnswer, LiveObjects, Reads} from '../live/live.ts';
import type {HelmTracking} from '../trackers/helm-tracking.ts';
import {protectedBy} from '../trackers/prune-protection.ts';
import {findTracked, type Tracker} from '../trackers/trackers.ts';
import type {Target} from './targets.ts';

/** What is known of an environment before its extras are. */
export interface ExtrasInput {
  environment: Environment;
  mask: Mask;
  git: {
    /** Which repository it is; see sourceIdentity. */
    source: string;
    /** True where all of it could be read. */
    complete: boolean;
    /** What earlier commits held. */
    former: readonly DesiredResource[];
  };
  reads: Reads;
  catalog: KindCatalog;
  /** The environment's namespace. */
  namespace: string;
  /** The record of what was applied, or why it can't be read. */
  applySet: ApplySet | ClusterError;
  targets: readonly Target[];
  live: LiveObjects;
  /** What else is no extra, as identity keys: what git's generated objects replace, and what is left out. */
  paired: ReadonlySet<string>;
  /** The other tools that deploy the folder. */
  trackers: readonly Tracker[];
  healthOf: HealthRule;
  helm: HelmTracking;
  /** The cluster itself: what Helm keeps of a release is in no cache. */
  cluster: Pick<Cluster, 'list'>;
  /** Whether Helm's releases are read anew. */
  anew: boolean;
}

/**
 * What is live and git no longer has: members of the ApplySet, what Argo CD or Flux tracks for this folder, and what an
 * earlier commit held. Nothing where git or the record is not fully known. Throws only when aborted.
 */
export async function findExtras(
  input: ExtrasInput,
  signal: AbortSignal,
): Promise<{
  view: Pick<ClusterView, 'applySet' | 'extras' | 'extrasUnknown' | 'foreign'>;
  problems: Problem[];
}> {
  const {environment, mask, git, reads, catalog, namespace, applySet, targets, live, paired} = input;
  const problems: Problem[] = [];
  const warn = (message: string, fix?: string) =>
    problems.push({severity: 'warning', message, ...(fix === undefined ? {} : {fix})});
  const without = (set: ApplySet, extrasUnknown: string, foreign: ClusterView['foreign'] = null) => ({
    view: {applySet: set, extras: [], extrasUnknown, foreign},
    problems,
  });
  for (const kind of live.unlisted) {
    warn(`${kind.plural} can't be listed with this context: what git no longer has of them can't be known`);
  }
  if (applySet instanceof ClusterError) {
    const expected = emptyApplySet(namespace, environment.name);
    warn(`the record of what was applied can't be read: ${applySet.message}`, applySet.fix);
    return without(expected, applySet.message);
  }
  const foreign = foreignApplySet(applySet, git.source);
  if (foreign !== null) {
    warn(foreign.message, foreign.fix);
    return without(applySet, foreign.message, foreign);
  }
  if (!git.complete) return without(applySet, 'git could not be read in full');

  const {members, unknown: unlisted} = await findMembers(reads, catalog, applySet, live.lists, signal);
  for (const reason of unlisted) warn(`what git no longer has can't be known in full: ${reason}`);
  const wanted = new Set(targets.map(({id}) => identityKey(id)));
  const known = new Set([...wanted, ...paired]);
  const held = await input.helm.find(
    {
      cluster: input.cluster,
      catalog,
      live: targets.flatMap(({id}) => liveOf(live.answers.get(identityKey(id)))),
      wanted: known,
      anew: input.anew,
    },
    signal,
  );
  problems.push(...held.problems);
  const trackers = [...input.trackers, ...held.trackers];
  const tracked = new Map(
    (await findTracked(reads, catalog, trackers, known, live.lists, signal)).map(each => [
      identityKey(identityOf(each.live)),
      each,
    ]),
  );
  const extras: ExtraObject[] = [];
  const add = (
    kind: Kind,
    object: JsonObject,
    notes: readonly string[],
    how: Pick<ExtraObject, 'recorded' | 'trackedBy'>,
  ) => {
    const id = identityOf(object);
    known.add(identityKey(id));
    const mark = how.recorded && how.trackedBy === undefined ? protectedBy(object) : null;
    const told = mark === null ? notes : [...notes, `protected: a prune leaves it, as ${mark}`];
    const subject = {id, version: kind.version, source: null, notes: told};
    extras.push({
      kind,
      live: object,
      drift: extra({...subject, live: object, mask, healthOf: input.healthOf}),
      ...how,
    });
  };

  const kinds = new Map<JsonObject, Kind>(members.map(({kind, object}) => [object, kind]));
  for (const object of extraMembers(kinds.keys(), wanted, paired)) {
    const kind = kinds.get(object);
    const by = tracked.get(identityKey(identityOf(object)));
    const trackedBy = by === undefined ? {} : {trackedBy: by.tool};
    if (kind !== undefined) add(kind, object, by?.notes ?? [], {recorded: true, ...trackedBy});
  }
  for (const [key, {kind, live: object, tool, notes}] of tracked) {
    if (!known.has(key)) add(kind, object, notes, {recorded: false, trackedBy: tool});
  }
  const former = await stillLive(reads, catalog, git.former, namespace, known, targets, live.lists, signal);
  for (const {kind, live: object, until, file} of former) {
    const note = `git had it until ${until.slice(0, 7)} (${file}); no ApplySet records it`;
    add(kind, object, [note], {recorded: false});
  }
  const extrasUnknown = unlisted.length === 0 ? null : unlisted.join('; ');
  return {view: {applySet, extras, extrasUnknown, foreign: null}, problems};
}

function liveOf(answer: LiveAnswer | undefined): JsonObject[] {
  return answer === undefined || answer === null || answer instanceof ClusterError ? [] : [answer];
}
