import type {CommitSession, RevisionNote, RevisionQuestion} from '../app/session.ts';
import {renderedEffect} from '../changes/effect/rendered-effect.ts';
import {forgeFor} from '../changes/open-pull-requests.ts';
import {desiredTree} from '../engines/direct/history/revision.ts';
import type {Environment} from '../environments/types.ts';
import type {PullRequest} from '../forges/types.ts';
import {isObjectId} from '../repository/git.ts';
import {isCutOff} from '../repository/shallow.ts';
import {verifySignatures} from '../repository/signature.ts';
import type {Repository, Signature} from '../repository/types.ts';
import {EnvironmentRevisions} from '../revisions/page.ts';
import type {Workshop} from './parts.ts';

/** The commits of an environment, and what each changes. `close` ends what still reads them. */
export function commitsPart(shop: Workshop): CommitSession & {close(): void} {
  const logs = new Logs();
  const signatures = new Map<string, Signature>();
  const requests = new Map<string, PullRequest | null>();

  const statesOf = async (environment: Environment, tip: string, signal: AbortSignal) => {
    // Without the cluster the log is still of use: only what is live stays unknown.
    const history = async () => shop.engine(environment).history(signal);
    const deployments = await history().catch(() => []);
    signal.throwIfAborted();
    const match = shop.reports.get(environment.name)?.liveMatch;
    return logs.of(shop.repository(), environment).states(tip, deployments, match, signal);
  };

  type Notes = (environment: Environment, question: RevisionQuestion, told: Told) => Promise<void>;
  const notes: Record<RevisionQuestion['about'][number], Notes> = {
    async state(environment, {tip, shas}, {tell, signal}) {
      const states = await statesOf(environment, tip, signal);
      for (const sha of shas) tell({sha, state: states.stateOf(sha), deployments: states.deploymentsOf(sha)});
    },
    async signature(_environment, {shas}, {tell, signal}) {
      const unknown = shas.filter(sha => !signatures.has(sha));
      for (const [sha, signature] of signatures) if (shas.includes(sha)) tell({sha, signature});
      await verifySignatures(
        shop.repository().git,
        unknown,
        (sha, signature) => {
          // A key may come, or a program: what can't be checked now may be another time.
          if (signature.verdict !== 'unchecked') signatures.set(sha, signature);
          tell({sha, signature});
        },
        signal,
      );
    },
    async differences(environment, {shas}, {tell, signal}) {
      await shop
        .engine(environment)
        .differences(shas, signal, (sha, differences) => tell({sha, differences}));
    },
  };

  return {
    async revisions(name, range, signal) {
      const environment = shop.environment(name);
      const repository = shop.repository();
      const tip = await tipOf(repository, environment, range.tip, signal);
      const states = range.quick === true ? null : await statesOf(environment, tip, signal);
      return logs.of(repository, environment).page(tip, range, states, signal);
    },
    async revisionNotes(name, question, signal, onNote) {
      const environment = shop.environment(name);
      const tell = (note: RevisionNote) => {
        if (!signal.aborted) onNote(note);
      };
      // What one of them can't find out does not keep the others from telling.
      await Promise.allSettled(
        question.about.map(about => notes[about](environment, question, {tell, signal})),
      );
      signal.throwIfAborted();
    },
    async commitDetail(name, sha, signal) {
      const repository = shop.repository();
      const {path: folder} = shop.environment(name);
      const [files, patch] = await Promise.all([
        repository.changedFiles(sha, folder, signal),
        repository.patch(sha, folder, signal),
      ]);
      return {files, patch};
    },
    async commitEffect(name, sha, signal) {
      const repository = shop.repository();
      const environment = shop.environment(name);
      const [from = null] = (await repository.commit(sha, signal)).parents;
      if (from === null && (await isCutOff(repository, sha, signal)))
        throw new Error('what it changes is not known here: the commit before it was not cloned');
      return renderedEffect(environment, shop.renderings, {from, to: sha}, {mask: shop.mask, signal});
    },
    async commitPullRequest(_name, sha, signal) {
      const known = requests.get(sha);
      if (known !== undefined) return known;
      try {
        const {forge} = await forgeFor(shop.changes(), signal);
        const found = (await forge.ofCommit?.(sha, signal)) ?? [];
        // Several may hold it: the one that was merged brought it.
        const request = found.find(({state}) => state === 'merged') ?? found[0] ?? null;
        requests.set(sha, request);
        return request;
      } catch {
        // No token, no forge, no network: what the commit's message says has to do.
        signal.throwIfAborted();
        return null;
      }
    },
    close: () => logs.close(),
  };
}

/** Where a log begins: at what was asked for, else at what git's side is read at. */
async function tipOf(
  repository: Repository,
  environment: Environment,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (asked === undefined) return (await desiredTree(repository, environment, false, signal)).revision;
  return isObjectId(asked) ? asked : repository.resolve(asked, signal);
}

interface Told {
  tell: (note: RevisionNote) => void;
  signal: AbortSignal;
}

/** The logs that were read, by environment: one that has moved to another folder, or repository, begins anew. */
class Logs {
  readonly #known = new Map<string, {repository: Repository; path: string; log: EnvironmentRevisions}>();

  of(repository: Repository, {name, path}: Environment): EnvironmentRevisions {
    const known = this.#known.get(name);
    if (known?.repository === repository && known.path === path) return known.log;
    known?.log.close();
    const log = new EnvironmentRevisions(repository, path);
    this.#known.set(name, {repository, path, log});
    return log;
  }

  close(): void {
    for (const {log} of this.#known.values()) log.close();
    this.#known.clear();
  }
}
