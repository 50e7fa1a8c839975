import type {FieldPath} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import type {Json} from '../resources/json.ts';
import type {Problem, SourceLocation} from '../resources/problem.ts';

/** What is looked at: one object, or all that happens in some namespaces. */
export type LookTarget =
  | {readonly of: 'resource'; readonly id: ResourceId; readonly version: string}
  | {readonly of: 'namespaces'; readonly namespaces: readonly string[]};

/** A condition that a controller states of an object. */
export interface Condition {
  readonly type: string;
  /** `True`, `False`, `Unknown`, or what a controller of its own mind writes. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Since when it is so; null where that is not told. */
  readonly since: string | null;
  /** Whether this is how it should be; null for types of which nobody can tell from here. */
  readonly good: boolean | null;
  /** True where it was stated of an earlier generation of the object. */
  readonly stale: boolean;
}

/** What an object says of itself. */
export interface ObjectSeen {
  readonly phase: string | null;
  readonly generation: number | null;
  /** The generation that its controller has seen; null where it tells none. */
  readonly observed: number | null;
  /** Since when it is being deleted. */
  readonly deleting: string | null;
  readonly conditions: readonly Condition[];
}

/** A container of a pod, as the kubelet told it last. */
export interface ContainerSeen {
  readonly name: string;
  readonly kind: 'init' | 'container' | 'ephemeral';
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown';
  /** `CrashLoopBackOff`, `Completed`, `OOMKilled`; '' where none is told. */
  readonly reason: string;
  readonly message: string;
  readonly exitCode: number | null;
  readonly restarts: number;
  /** Another one after each start. */
  readonly instance: string;
  /** True where the kubelet has a log of it. */
  readonly hasLog: boolean;
  /** True where it has one of the run before. */
  readonly hasPrevious: boolean;
}

/** A pod, as `kubectl get pods` would tell it. */
export interface PodSeen {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`. */
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly created: string;
  readonly deleting: boolean;
  readonly containers: readonly ContainerSeen[];
}

/** Something that happened to an object, of either API of events. */
export interface ClusterEvent {
  readonly uid: string;
  /** `Warning`, `Normal`, or a type of somebody's own. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly about: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    /** The part of it, `spec.containers{web}`; '' for the whole. */
    readonly field: string;
  };
  /** Who told it. */
  readonly source: string;
  /** How often it was seen. */
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
  /** How what it is about belongs to what is looked at; `former`: an earlier object of the same name. */
  readonly relation: 'itself' | 'owned' | 'former' | 'namespace';
}

/** All that there is to be seen of what is looked at, as of now. */
export interface EventsSeen {
  /** Null where it is not there, not known yet, or a namespace's events are looked at. */
  readonly object: ObjectSeen | null;
  /** True where the cluster says that there is no such object. */
  readonly isMissing: boolean;
  readonly pods: readonly PodSeen[];
  /** Newest first. */
  readonly events: readonly ClusterEvent[];
  /** Older ones that are not here, because they were too many. */
  readonly left: number;
  /** What could not be seen, and who may. */
  readonly problems: readonly Problem[];
  /** True once events were read; before that none is no answer. */
  readonly isRead: boolean;
}

/** What of the logs of a workload is wanted. */
export interface LogQuery {
  readonly target: {readonly id: ResourceId; readonly version: string};
  /** Of the containers before their last restart. */
  readonly previous: boolean;
  /** How far back to begin. */
  readonly from: {readonly lines: number} | {readonly seconds: number};
  /** Only this pod's; null for all. */
  readonly pod: string | null;
}

/** A line of a log, or what has to be said between lines. */
export interface LogLine {
  /** UTC with nine digits of a second; '' where it is not known. */
  readonly time: string;
  readonly pod: string;
  readonly container: string;
  /** Without escapes. */
  readonly text: string;
  /** `log`: the container's own; `note` and `trouble`: ours. */
  readonly kind: 'log' | 'note' | 'trouble';
}

/** How a container's log is read. */
export interface LogSource {
  readonly pod: string;
  readonly container: ContainerSeen;
  readonly state: 'waiting' | 'reading' | 'ended' | 'broken' | 'refused' | 'left-out';
  /** Why it is not read. */
  readonly reason: string;
}

/** What following logs tells. */
export type LogNews =
  | {
      readonly type: 'sources';
      readonly pods: readonly PodSeen[];
      readonly sources: readonly LogSource[];
      readonly problems: readonly Problem[];
      /** True once it is known which pods there are. */
      readonly isRead: boolean;
    }
  | {
      readonly type: 'lines';
      readonly lines: readonly LogLine[];
      /** Lines that came faster than they can be kept. */
      readonly dropped: number;
    };

/** A question for lines before those that are known. */
export interface EarlierLogs {
  readonly target: {readonly id: ResourceId; readonly version: string};
  readonly previous: boolean;
  /** Of each container that is known: the time of its first known line, and how many came of it since. */
  readonly sources: readonly {
    readonly pod: string;
    readonly container: string;
    readonly before: string;
    readonly have: number;
  }[];
  /** So many more of each. */
  readonly lines: number;
}

/** Lines before those that were known, in order; `isAll` where the kubelets have no more. */
export interface EarlierLines {
  readonly lines: readonly LogLine[];
  readonly isAll: boolean;
}

/** A field of a resource that is looked at. */
export interface FieldQuestion {
  readonly id: ResourceId;
  readonly version: string;
  /** As it is called in the cluster, where that is another name (kustomize's hash). */
  readonly liveName: string;
  readonly elements: FieldPath;
}

/** Somebody who owns a field, what it is part of, or something in it. */
export interface FieldOwnerSeen {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** When it last wrote anything of what it owns; null where the server keeps none. */
  readonly time: string | null;
  /** `status`, `scale`; '' for the object itself. */
  readonly subresource: string;
  /** What of it is owned: the field, a list or map around it as a whole, or something in it. */
  readonly owns: 'field' | 'around' | 'inside';
  /** The path that is owned, where it is not the field's. */
  readonly path: string | null;
}

/** A side of a field: what stands there, that nothing does, or why that is not known. */
export type FieldSide = {readonly value: Json} | {readonly none: string} | {readonly problem: Problem};

/** A commit that changed a field's value in what git wants, rendered. */
export interface FieldCommit {
  readonly sha: string;
  readonly author: string;
  readonly time: string;
  readonly subject: string;
  /** What stood there before and after it; undefined for nothing. */
  readonly before?: Json;
  readonly after?: Json;
}

/** What is told of a field. */
export type FieldNews =
  | {
      readonly type: 'live';
      readonly live: FieldSide;
      /** The last to write first. */
      readonly owners: readonly FieldOwnerSeen[];
      /** What `kubectl apply` noted to have applied last. */
      readonly applied: FieldSide;
    }
  | {readonly type: 'git'; readonly git: FieldSide; readonly location: SourceLocation | null}
  | {readonly type: 'commit'; readonly commit: FieldCommit}
  /** How far the history was read, and whether that was to its beginning. */
  | {
      readonly type: 'walked';
      readonly commits: number;
      readonly end: 'more' | 'all' | 'cut-off';
      readonly until: string | null;
    };
