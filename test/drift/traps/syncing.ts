import assert from 'node:assert/strict';
import {openWorkspace} from '../../../source/workspace.ts';
import type {Context} from '../../cluster/users.ts';
import type {Scenario} from './scenario.ts';

/** Syncs a scenario's environment as the app does: plan, then run that plan. */
export async function sync(
  scene: Scenario,
  {prune = false, context}: {prune?: boolean; context?: Context} = {},
): Promise<void> {
  const session = openWorkspace({
    repository: scene.root,
    kubeconfig: scene.cluster.kubeconfig,
    context,
    worktree: false,
    readOnly: false,
  });
  try {
    const signal = AbortSignal.timeout(60_000);
    await session.load(signal);
    const plan = await session.planSync('test', {prune, force: false}, signal);
    const result = await session.sync(plan, 'yes', signal, () => undefined, {waitSeconds: 0});
    assert.equal(result.outcome, 'done', result.message);
  } finally {
    session.close();
  }
}
