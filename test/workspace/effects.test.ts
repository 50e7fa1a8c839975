// What a change does, through the session: planned on a real repository, asked of a real cluster and of one that is not there.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {clusterSummary} from '../../source/changes/effect/cluster-words.ts';
import {effectSummary} from '../../source/changes/effect/words.ts';
import {openWorkspace} from '../../source/workspace.ts';
// Renamed: a linter takes names that begin with "use" for hooks of React.
import {useCluster as sharedCluster} from '../cluster/shared.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';
import {hasKubectl} from '../sources/kubectl.ts';

const {signal} = new AbortController();
const withoutKubectl = hasKubectl() ? false : 'no kubectl on PATH';
const canary = (version: number) => `horse-battery-${version}`;

/** A base that two environments are made of, with a generated Secret whose value a ConfigMap quotes. */
const files = (version: number): Record<string, string> => ({
  'base/kustomization.yaml': `resources: [settings.yaml]
secretGenerator:
- {name: token, literals: [password=${canary(version)}]}
`,
  'base/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {version: "${version}", address: "db://me:${canary(version)}@db"}
`,
  'environments/staging/kustomization.yaml': `resources: [../../base] # ${version}\n`,
  'environments/production/kustomization.yaml': 'resources: [../../base]\n',
});

const config = (namespace: string, ...lines: string[]) => `environments:
- {name: staging, path: environments/staging, context: admin, namespace: ${namespace}}
- {name: production, path: environments/production, context: admin, namespace: ${namespace}, ${lines.join(', ')}}
`;

async function sessionOf(t: TestContext, kubeconfig: string, config: string) {
  const folder = await newRepository(temporaryFolder(t));
  const first = await folder.commit('first', {...files(1), '.gitops-tui.yaml': config});
  const second = await folder.commit('second', files(2));
  const options = {repository: folder.root, worktree: false, readOnly: true, fetch: false};
  const session = openWorkspace({...options, kubeconfig});
  t.after(() => session.close());
  await session.load(signal);
  return {session, folder, first, second};
}

describe('what a change does, to a session', {skip: withoutKubectl}, () => {
  test('is told of the plan of a revert, its cluster, and of whom else it reaches', async t => {
    const shared = await sharedCluster(t);
    if (shared === undefined) return;
    const namespace = await shared.namespace('effects');
    const {session, folder, first} = await sessionOf(
      t,
      shared.kubeconfig,
      config(namespace, 'protected: false'),
    );
    await shared.kubectl(['-n', namespace, 'apply', '-k', path.join(folder.root, 'environments/staging')]);
    const request = {kind: 'revert', environment: 'staging', target: first, mode: 'revert-commits'} as const;
    const {plan, alsoAffects} = await session.planChange(request, signal);
    assert.deepEqual(alsoAffects, ['production']);
    const change = {from: plan.base, to: plan.resultTree};

    const own = await session.effect('staging', change, {cluster: 'ask'}, signal);
    assert.match(
      effectSummary(own.rendered),
      /^1 changed \(ConfigMap\/settings\), 1 replaced \(Secret\/token-\w+\)$/,
    );
    assert.match(
      clusterSummary(own.cluster ?? assert.fail()),
      /^1 changed \(ConfigMap\/settings\), 1 created \(Secret\/token-\w+\)$/,
    );
    const text = JSON.stringify(own);
    for (const version of [1, 2]) {
      for (const value of [canary(version), Buffer.from(canary(version)).toString('base64')])
        assert.ok(!text.includes(value), text);
    }
    assert.match(text, /db:\/\/me:\*{3}/);

    const unseen = await session.effect('production', change, {cluster: 'at-hand'}, signal);
    assert.deepEqual([unseen.rendered.objects.length, unseen.cluster], [2, null]);
    await session.inspect('production', signal, () => {});
    const seen = await session.effect('production', change, {cluster: 'at-hand'}, signal);
    assert.ok(seen.cluster !== null && 'objects' in seen.cluster);
  });

  test('is unknown where the cluster can not be asked, and says why', async t => {
    const folder = temporaryFolder(t);
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(
      kubeconfig,
      `apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: me, user: {token: none}}]
contexts: [{name: admin, context: {cluster: far, user: me}}]
`,
    );
    const {session, first, second} = await sessionOf(t, kubeconfig, config('shop', 'engine: argocd'));
    const change = {from: first, to: second};
    const far = await session.effect('staging', change, {cluster: 'ask'}, signal);
    assert.equal(far.rendered.objects.length, 2);
    assert.ok(far.cluster !== null && 'unknown' in far.cluster);
    assert.match(far.cluster.unknown, /127\.0\.0\.1:1/);
    const other = await session.effect('production', change, {cluster: 'ask'}, signal);
    assert.ok(other.cluster !== null && 'unknown' in other.cluster);
    assert.match(other.cluster.unknown, /engine: argocd, which is not supported yet/);
  });
});
