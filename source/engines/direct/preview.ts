import {ClusterError} from '../../cluster/types.ts';
import {DefaultsLearned} from '../../drift/defaults.ts';
import type {ResourceDrift} from '../../drift/types.ts';
import {identityKey} from '../../resources/identity.ts';
import {objectAt} from '../../resources/json.ts';
import type {DesiredResource} from '../../sources/types.ts';
import type {Preview, PreviewedResource, PreviewRequest} from '../types.ts';
import {refusedCreations} from './apply/creations.ts';
import {keptFrom} from './apply/kept.ts';
import {ClusterComparer} from './compare/comparer.ts';
import {bindTargets, type Target} from './compare/targets.ts';
import {connectTo} from './connection.ts';
import type {DirectEngineOptions} from './engine.ts';
import {unreadable} from './errors.ts';
import {EarlierSources} from './history/earlier-sources.ts';
import {type FormerAnswer, FormerResources} from './history/former.ts';
import type {ClusterView, Connection, Examined} from './inspection.ts';
import {type LiveAnswer, readLive} from './live/live.ts';
import {LiveReader} from './live/live-reader.ts';
import {sourceIdentity} from './trackers/source-identity.ts';

/**
 * Tells what changes of git would do to the cluster: the comparison is an inspection's own, of the resources that are
 * asked about. It shares connections with inspections and nothing that they remember.
 */
export class Previewer {
  readonly #options: DirectEngineOptions;
  readonly #comparer: ClusterComparer;
  readonly #former: FormerResources;

  constructor(options: DirectEngineOptions) {
    const {environment, repository} = options;
    this.#options = options;
    this.#comparer = new ClusterComparer(options, new DefaultsLearned(), `a preview of ${environment.name}`);
    this.#former = new FormerResources(
      // A change is made on a commit, whatever else is compared.
      {environment, repository, worktree: false},
      new EarlierSources(repository, environment),
    );
  }

  /** See Engine.preview. */
  async preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    const since = performance.now();
    const connection = await connectTo(this.#options, signal);
    if ('unreachable' in connection) return connection;
    const reads = new LiveReader(connection.cluster, since);
    try {
      return await this.#compare(request, connection, reads, signal);
    } finally {
      reads.done();
    }
  }

  async #compare(
    request: PreviewRequest,
    connection: Connection,
    reads: LiveReader,
    signal: AbortSignal,
  ): Promise<Preview> {
    const {repository, environment} = this.#options;
    const {wanted, complete, before, about} = request;
    const source = await sourceIdentity(repository, environment.branch, signal);
    const git = {revision: null, resources: wanted, problems: [], complete, source};
    const means = {reads, asks: connection.cluster, mayDiscover: true};
    const former = this.#formerOf(before, signal);
    const {view, problems} = await this.#comparer.compare(
      {git, former, connection, means, only: about},
      signal,
    );
    signal.throwIfAborted();
    const resources = new Map<DesiredResource, PreviewedResource>();
    const missing = view.examined.filter(({drift, live}) => outcomeOf(drift, live !== null) === 'created');
    const refused = await refusedCreations(view, missing, wanted, signal);
    for (const item of view.examined) {
      resources.set(item.target.desired, previewOf(item, refused.get(item) ?? null));
    }
    for (const desired of wanted) {
      if (!about.has(desired) || resources.has(desired)) continue;
      const left = view.leftOut.find(({source}) => source === desired.location);
      // Git holds it twice: the first of the two was examined, and says so.
      if (left !== undefined) resources.set(desired, bare(left.id, 'left-out', left.reason));
    }
    const gone = before.wanted.filter(desired => about.has(desired));
    await this.#addGone(resources, gone, request, view, signal);
    return {resources, problems};
  }

  /** What earlier commits said, with what git says now: that is an earlier one then. */
  async #formerOf({revision, wanted}: PreviewRequest['before'], signal: AbortSignal): Promise<FormerAnswer> {
    const told = revision ?? 'now';
    const now = wanted.map(desired => ({
      ...desired,
      location: {...desired.location, file: `${told}/${desired.location.file}`},
    }));
    const earlier = await this.#former.read(revision, true, signal);
    return {resources: [...now, ...earlier.resources], problems: earlier.problems};
  }

  /** Adds what git would not have any more. */
  async #addGone(
    resources: Map<DesiredResource, PreviewedResource>,
    gone: readonly DesiredResource[],
    {wanted}: PreviewRequest,
    view: ClusterView,
    signal: AbortSignal,
  ): Promise<void> {
    if (gone.length === 0) return;
    const {targets} = bindTargets(gone, view.catalog, view.namespace);
    const extras = new Map(view.extras.map(extra => [identityKey(extra.drift.id), extra]));
    const unsure = targets.flatMap(target =>
      target.kind === undefined || target.settled !== null || extras.has(identityKey(target.id))
        ? []
        : [{...target, kind: target.kind}],
    );
    const {answers} = await readLive(view.reads, unsure, signal, () => {});
    for (const target of targets) {
      const extra = extras.get(identityKey(target.id));
      if (extra === undefined) {
        resources.set(target.desired, notExtra(target, answers.get(identityKey(target.id)), view));
        continue;
      }
      const kept =
        view.extrasUnknown === null
          ? (keptFrom(extra) ??
            (wanted.length === 0 ? 'git would have nothing left, which no sync prunes' : null))
          : `what may be pruned can't be known: ${view.extrasUnknown}`;
      resources.set(target.desired, {
        ...bare(target.id, kept === null ? 'prunable' : 'kept', kept),
        notes: extra.drift.notes,
      });
    }
  }
}

/** How the verdict's notes on a refused apply begin; see drift/verdict.ts. */
const refusals = ['needs replace: ', 'the server refuses ', 'a sync would be refused: '];

function previewOf({live, drift}: Examined, creation: string | null): PreviewedResource {
  const {id, fields, verdict, notes, error} = drift;
  const refusal = notes.find(note => refusals.some(words => note.startsWith(words)));
  return {
    id,
    outcome: outcomeOf(drift, live !== null),
    reason: error,
    refused: creation ?? refusal ?? null,
    fields,
    verdict,
    notes: notes.filter(note => note !== refusal),
  };
}

function outcomeOf({status}: ResourceDrift, isLive: boolean): PreviewedResource['outcome'] {
  switch (status) {
    case 'Synced':
      return 'same';
    case 'Missing':
      return 'created';
    case 'Modified':
      // Of a generated one it is the former content that is live, under another name.
      return isLive ? 'changed' : 'created';
    case 'Extra':
    case 'Unknown':
      return 'unknown';
  }
}

/** What git would not have any more and is no extra: not live, or live and somebody else's. */
function notExtra(
  {id, settled, kind}: Target,
  answer: LiveAnswer | undefined,
  {extrasUnknown, foreign}: ClusterView,
): PreviewedResource {
  if (settled !== null || kind === undefined) return bare(id, 'unknown', settled?.reason ?? null);
  if (answer === null) return bare(id, 'gone', null);
  if (answer === undefined) return bare(id, 'unknown', 'it was not read');
  if (answer instanceof ClusterError) return bare(id, 'unknown', unreadable(answer));
  const why = foreign?.message ?? extrasUnknown;
  if (why !== null) return bare(id, 'kept', `what may be pruned can't be known: ${why}`);
  const isLeaving = objectAt(answer, 'metadata')['deletionTimestamp'] !== undefined;
  return bare(id, 'kept', isLeaving ? 'it is being deleted already' : 'another owner or tool has it now');
}

function bare(
  id: PreviewedResource['id'],
  outcome: PreviewedResource['outcome'],
  reason: string | null,
): PreviewedResource {
  return {id, outcome, reason, refused: null, fields: [], verdict: 'server', notes: []};
}
