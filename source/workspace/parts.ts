import type {Renderings} from '../changes/effect/renderings.ts';
import type {ChangeContext} from '../changes/publish.ts';
import type {ConnectedCluster} from '../cluster/types.ts';
import type {EnvironmentReport} from '../drift/types.ts';
import type {Mutation, Permit, Subject} from '../engines/permission.ts';
import type {Engine} from '../engines/types.ts';
import type {Environment, ImageRule} from '../environments/types.ts';
import type {Repository} from '../repository/types.ts';
import type {KnownSecrets} from '../secrets/known.ts';
import type {Mask} from '../secrets/mask.ts';

/**
 * What each part of the session gets of the workspace. A part is one file of this folder: a function that takes this and
 * gives the methods of the Session that belong together. Everything here throws errors whose message is for people;
 * before `load` everything throws.
 */
export interface Workshop {
  readonly readOnly: boolean;
  readonly worktree: boolean;
  /** False with --no-fetch: then no remote and no forge is asked of the app's own accord. */
  readonly fetches: boolean;
  /** Registries that are spoken to without TLS. */
  readonly plainHttp: readonly string[];
  /** One for the whole session: equal secret values read equal everywhere in it. */
  readonly mask: Mask;
  /** Secret values, to be taken out of whatever is answered. */
  readonly known: KnownSecrets;
  /** The last report of each environment. */
  readonly reports: Map<string, EnvironmentReport>;
  repository(): Repository;
  environments(): readonly Environment[];
  /** Throws where there is none of this name. */
  environment(name: string): Environment;
  engine(environment: Environment): Engine;
  /** What environments want at commits and trees: one for the session, so that each is rendered once. */
  readonly renderings: Renderings;
  /** Throws ClusterError where no context is known. */
  connect(environment: Environment): ConnectedCluster;
  /** How images are updated, as the config file says it. */
  imageRules(): readonly ImageRule[];
  /** What changes of git need to know of the world. */
  changes(): ChangeContext;
  /** The one place that decides has allowed it; else throws its reason. */
  permit(mutation: Mutation, subject: Subject, confirmed: 'yes' | {typed: string}): Permit;
  /** Where nothing was compared yet: learns what git's Secrets hold, because a patch may show it elsewhere. */
  learnSecrets(environment: string, signal: AbortSignal): Promise<void>;
}
