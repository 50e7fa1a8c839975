import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import {classOfManager} from '../../../drift/managers.ts';
import type {ResourceId} from '../../../resources/identity.ts';
import {type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import type {SyncStep} from '../../types.ts';
import type {Examined} from '../inspection.ts';
import {attempt} from '../live/live.ts';
import {membership} from './apply-set.ts';
import {type Conflict, conflictsOf} from './conflicts.ts';
import {fieldManager} from './manager.ts';
import {definedKind} from './order.ts';
import {refusalOf, refusalText} from './refusal.ts';
import {makeRoom, type RoomMade} from './union-move.ts';

/** What a dry run said of a step. */
export interface Rehearsal extends Pick<SyncStep, 'action' | 'reason' | 'trouble' | 'conflicts'> {
  /** Whether the write has to be forced to go as the plan says. */
  force: boolean;
  /** What has to leave in the same write as what git sets comes in: an apply alone would be refused. */
  room?: RoomMade;
}

/** What the same plan creates before it is needed: namespaces by name, kinds as `group/Kind`. */
export interface Promised {
  namespaces: ReadonlySet<string>;
  kinds: ReadonlySet<string>;
}

/** What all rehearsals of a plan share. */
export interface RehearsalSetting {
  cluster: Cluster;
  /** The ApplySet's id. */
  setId: string;
  promised: Promised;
  force: boolean;
  signal: AbortSignal;
}

/**
 * Dry-runs the apply of one resource. Fields that people and earlier appliers hold are taken over, which the reason
 * tells; a field that a controller holds is a conflict, and the step is skipped unless `force` was chosen.
 */
export async function rehearse(
  {cluster, setId, promised, force, signal}: RehearsalSetting,
  item: Examined,
  body: JsonObject,
): Promise<Rehearsal> {
  const {target, live, drift} = item;
  const action = live === null ? 'create' : 'apply';
  const skip = (reason: string, trouble: SyncStep['trouble'] = 'blocked'): Rehearsal => ({
    action: 'skip',
    reason,
    trouble,
    conflicts: [],
    force: false,
  });
  const go = (reason: string | null, forced = false): Rehearsal => ({
    action,
    reason,
    trouble: null,
    conflicts: [],
    force: forced,
  });

  if (drift.status === 'Unknown') return skip(drift.error ?? 'it could not be compared');
  const other = membership(live);
  if (other !== undefined && other !== setId) return skip(`it belongs to another ApplySet (${other})`);
  if (stringAt(objectAt(live ?? {}, 'metadata'), 'deletionTimestamp') !== undefined) {
    return skip('it is being deleted: sync again when it is gone');
  }
  if (target.kind === undefined) {
    return promised.kinds.has(`${target.id.group}/${target.id.kind}`)
      ? go('not dry-run: this sync creates its CustomResourceDefinition')
      : skip('its CustomResourceDefinition is not in the cluster and not part of this sync');
  }
  if (live === null && promised.namespaces.has(target.id.namespace)) {
    return go('not dry-run: this sync creates its namespace');
  }

  const kind = target.kind;
  const tryApply = (forced: boolean) =>
    attempt(() => cluster.apply(kind, body, {fieldManager, force: forced, dryRun: true, signal}), signal);
  const answer = await tryApply(false);
  if (!(answer instanceof ClusterError)) return go(remarks(drift.status));
  const conflicts = conflictsOf(answer);
  const makingRoom = async (error: ClusterError): Promise<RoomMade | undefined> =>
    refusalOf(error) === 'invalid' ? makeRoom(cluster, kind, item, body, error, signal) : undefined;
  if (conflicts.length === 0) {
    const room = await makingRoom(answer);
    return room === undefined ? refused(answer, skip, go, force, action) : {...go(room.reason), room};
  }

  const [taken, fought] = split(conflicts);
  const reason = [
    ...(taken.length > 0 ? [takenOver(taken)] : []),
    ...(fought.length > 0 && force ? [`forced: ${takenOver(fought)}`] : []),
  ].join('; ');
  const forced = fought.length === 0 || force ? await tryApply(true) : null;
  if (forced instanceof ClusterError) {
    const room = await makingRoom(forced);
    const told =
      room === undefined
        ? refused(forced, skip, go, force, action)
        : {...go(`${reason}; ${room.reason}`, true), room};
    return {...told, conflicts: named(fought)};
  }
  if (fought.length === 0) return go(reason, true);
  if (force) return {...go(reason, true), conflicts: named(fought)};
  return {
    ...skip(
      `${[...new Set(fought.map(({manager}) => manager))].join(', ')} sets ${fought.map(({field}) => fieldName(field)).join(', ')}: force takes it over`,
      'conflict',
    ),
    conflicts: named(fought),
  };
}

function remarks(status: string): string | null {
  return status === 'Synced' ? 'in sync: only marked as applied from git' : null;
}

function refused(
  error: ClusterError,
  skip: (reason: string, trouble?: SyncStep['trouble']) => Rehearsal,
  go: (reason: string | null, forced: boolean) => Rehearsal,
  force: boolean,
  action: SyncStep['action'],
): Rehearsal {
  const text = refusalText(error);
  switch (refusalOf(error)) {
    case 'immutable':
      return action === 'create'
        ? skip(text)
        : skip(`needs replace: ${text}; delete it and sync again where that may be`, 'needs-replace');
    case 'no-dry-run':
      return go(`not dry-run: ${text}`, force);
    case 'denied':
    case 'moved':
    case 'invalid':
    case 'undecided':
      return skip(error.fix === undefined ? text : `${text} (${error.fix})`);
  }
}

/**
 * True where a sync takes a field over without being asked to force: people and what applied git before. A controller
 * that goes on setting its field (an autoscaler, an operator) is not among them: forcing would start a fight.
 */
function takesOver({manager, operation}: Conflict): boolean {
  return classOfManager(manager, operation) !== 'controller';
}

function split(conflicts: readonly Conflict[]): [Conflict[], Conflict[]] {
  return [conflicts.filter(takesOver), conflicts.filter(conflict => !takesOver(conflict))];
}

/** `takes over spec.replicas from kubectl` */
function takenOver(conflicts: readonly Conflict[]): string {
  const byManager = Map.groupBy(conflicts, ({manager}) => manager);
  const parts = [...byManager].map(
    ([manager, items]) => `${items.map(({field}) => fieldName(field)).join(', ')} from ${manager}`,
  );
  return `takes over ${parts.join('; ')}`;
}

function named(conflicts: readonly Conflict[]): SyncStep['conflicts'] {
  return conflicts.map(({field, manager}) => ({field: fieldName(field), manager}));
}

/** The server's `.spec.replicas` as people write it. */
function fieldName(field: string): string {
  return field.replace(/^\./, '').replace(/="([^"\],=]*)"/g, '=$1');
}

/** What the resources of a plan create that others of it need. */
export function promises(items: readonly Examined[]): Promised {
  const creating = items.filter(({drift}) => drift.status === 'Missing');
  const isNamespace = ({group, kind}: ResourceId) => group === '' && kind === 'Namespace';
  return {
    namespaces: new Set(
      creating.filter(({target}) => isNamespace(target.id)).map(({target}) => target.id.name),
    ),
    kinds: new Set(
      creating.flatMap(({target}) => {
        const defined = definedKind(target.object);
        return defined === undefined ? [] : [`${defined.group}/${defined.kind}`];
      }),
    ),
  };
}
