import type {Session} from './app/session.ts';
import {guarded} from './guarded-session.ts';
import {keepYoungGenerationSmall} from './process/heap.ts';
import {KnownSecrets} from './secrets/known.ts';
import {createMask} from './secrets/mask.ts';
import {version} from './version.ts';
import {baselinesPart} from './workspace/baselines.ts';
import {changesPart} from './workspace/changes.ts';
import {clustersPart} from './workspace/clusters.ts';
import {commitsPart} from './workspace/commits.ts';
import {effectsPart} from './workspace/effects.ts';
import {imagesPart} from './workspace/images.ts';
import {journalPart} from './workspace/journal.ts';
import {looksPart} from './workspace/looks.ts';
import {programsPart} from './workspace/programs.ts';
import {promotionPart} from './workspace/promotion.ts';
import {pullRequestsPart} from './workspace/pull-requests.ts';
import {Workspace, type WorkspaceOptions} from './workspace/workspace.ts';

export type {WorkspaceOptions} from './workspace/workspace.ts';

/**
 * Puts the rooms together: a repository, its environments and their engines, as the one session that the app and the
 * commands speak to. Nothing is opened before `load`. Every method throws errors whose message is for people.
 */
export function openWorkspace(options: WorkspaceOptions, extras: {demoHint?: string} = {}): Session {
  keepYoungGenerationSmall();
  const mask = createMask();
  const known = new KnownSecrets(mask);
  const shop = new Workspace(options, mask, known);
  const commits = commitsPart(shop);
  const session: Session = {
    version,
    readOnly: shop.readOnly,
    worktree: shop.worktree,
    demoHint: extras.demoHint ?? null,
    revealsSecrets: shop.revealsSecrets,
    load: signal => shop.load(signal),
    contexts: () => shop.contexts(),
    setContext: (...given) => shop.setContext(...given),
    fetch: signal => shop.fetch(signal),
    followRepository: (...given) => shop.followRepository(...given),
    reveal: (...given) => shop.reveal(...given),
    ...clustersPart(shop),
    ...commits,
    ...changesPart(shop),
    ...effectsPart(shop),
    ...imagesPart(shop),
    ...baselinesPart(shop),
    ...pullRequestsPart(shop),
    ...promotionPart(shop),
    ...looksPart(shop),
    ...journalPart(),
    ...programsPart(shop, options),
    close() {
      commits.close();
      shop.close();
    },
  };
  return guarded(session, known);
}
