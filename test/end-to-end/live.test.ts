import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {dump} from 'js-yaml';
import type {FollowEvent} from '../../source/engines/types.ts';
import {openWorkspace} from '../../source/workspace.ts';
import type {Cluster} from '../cluster/cluster.ts';
import {layLine} from '../cluster/line.ts';
import {useCluster, useOwnCluster} from '../cluster/shared.ts';
import {configMap} from '../engines/desired.ts';
import {newRepository, temporaryFolder} from '../repository/git-folder.ts';

interface Kubeconfig {
  clusters: {name: string; cluster: {server: string}}[];
  users: {name: string; user: object}[];
  contexts: {name: string; context: {cluster: string; user: string}}[];
}

/**
 * The app's own session on a repository with an environment for each namespace, followed over a line that the test can
 * cut. Everything is live as git has it.
 */
async function opened(t: TestContext, cluster: Cluster, {as}: {as?: string} = {}) {
  const folder = temporaryFolder(t);
  const line = await layLine(t, cluster.url);
  const config = JSON.parse(await readFile(cluster.kubeconfig, 'utf8')) as Kubeconfig;
  for (const each of config.clusters) each.cluster.server = line.url;
  const admin = config.users.find(({name}) => name === 'admin')?.user;
  const user = {name: 'operator', user: {...admin, ...(as === undefined ? {} : {as})}};
  const contexts = ['blue', 'green'].map(name => ({name, context: {cluster: 'test', user: 'operator'}}));
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify({...config, users: [user], contexts}), {mode: 0o600});

  const namespaces = [await cluster.namespace('blue'), await cluster.namespace('green')] as const;
  const files: Record<string, string> = {
    '.gitops-tui.yaml': dump({
      environments: [
        {name: 'blue', path: 'blue', context: 'blue', namespace: namespaces[0]},
        {name: 'green', path: 'green', context: 'green', namespace: namespaces[1]},
      ],
    }),
  };
  for (const [index, name] of ['blue', 'green'].entries()) {
    const objects = Array.from({length: 6}, (_, at) => configMap(`c${at}`, {a: '1'}, namespaces[index]));
    files[`${name}/all.yaml`] = objects.map(object => dump(object)).join('---\n');
    await cluster.kubectl(['apply', '--server-side', '-f', '-'], {input: files[`${name}/all.yaml`] ?? ''});
  }
  const repository = await newRepository(path.join(folder, 'infra'));
  await repository.commit('All', files);

  const session = openWorkspace({
    repository: repository.root,
    kubeconfig,
    worktree: false,
    readOnly: true,
    fetch: false,
  });
  t.after(() => session.close());
  const controller = new AbortController();
  const {signal} = controller;
  await session.load(signal);
  const events: {blue: FollowEvent[]; green: FollowEvent[]} = {blue: [], green: []};
  const follows: Promise<void>[] = [];
  const follow = () => {
    for (const name of ['blue', 'green'] as const)
      follows.push(session.follow(name, signal, event => events[name].push(event)));
  };
  t.after(async () => {
    controller.abort();
    await Promise.all(follows);
  });
  const drifted = (name: 'blue' | 'green') => {
    const last = events[name].at(-1);
    return last?.type === 'report'
      ? last.report.resources.filter(({status}) => status !== 'Synced').map(({id}) => id.name)
      : undefined;
  };
  const change = (name: 'blue' | 'green', object: string, value = '2') =>
    cluster.kubectl([
      ...['-n', namespaces[name === 'blue' ? 0 : 1], 'patch', `configmap/${object}`],
      ...['--patch', JSON.stringify({data: {a: value}})],
    ]);
  return {session, line, signal, events, follow, drifted, change, namespaces};
}

async function eventually(what: string, isThere: () => boolean): Promise<void> {
  for (const limit = performance.now() + 90_000; !isThere(); ) {
    assert.ok(performance.now() < limit, `not after 90 s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

const isEmpty = (list: readonly string[] | undefined) => list?.length === 0;
const isOnly = (list: readonly string[] | undefined, name: string) => list?.length === 1 && list[0] === name;

describe("the app's session on a real API server", () => {
  test('connections that break are taken up, and nothing is missed', async t => {
    const cluster = await useCluster(t);
    if (cluster === undefined) return;
    const {line, follow, drifted, change, session, signal} = await opened(t, cluster);
    await Promise.all(['blue', 'green'].map(name => session.inspect(name, signal, () => {})));
    follow();
    await eventually('all is well', () => isEmpty(drifted('blue')) && isEmpty(drifted('green')));
    await change('blue', 'c1');
    await eventually('it is watched', () => isOnly(drifted('blue'), 'c1'));
    line.cut();
    await change('green', 'c2');
    await eventually('green drifts', () => isOnly(drifted('green'), 'c2'));
    line.cut();
    await change('blue', 'c1', '1');
    await eventually('blue is well', () => isEmpty(drifted('blue')));
  });

  test('after a sleep what happened meanwhile is seen, though the old connections say nothing', async t => {
    const cluster = await useCluster(t);
    if (cluster === undefined) return;
    const {line, follow, drifted, change} = await opened(t, cluster);
    follow();
    await eventually('all is well', () => isEmpty(drifted('blue')) && isEmpty(drifted('green')));
    await change('blue', 'c1');
    await eventually('it is watched', () => isOnly(drifted('blue'), 'c1'));
    // The wall clock goes on while a machine sleeps, timers do not.
    line.mute();
    const now = Date.now.bind(Date);
    t.mock.method(Date, 'now', () => now() + 10 * 60_000);
    await change('green', 'c2');
    await eventually('green drifts', () => isOnly(drifted('green'), 'c2'));
  });

  test('who may list and not watch is polled for', async t => {
    const cluster = await useCluster(t);
    if (cluster === undefined) return;
    const as = `lister-${await cluster.namespace('lister')}`;
    const {follow, drifted, change, namespaces} = await opened(t, cluster, {as});
    for (const namespace of namespaces) {
      const role = ['-n', namespace, 'create'];
      await cluster.kubectl([
        ...role,
        'role',
        'lister',
        '--verb=get,list',
        '--resource=*',
        '--resource=configmaps',
      ]);
      await cluster.kubectl([...role, 'rolebinding', 'lister', '--role=lister', `--user=${as}`]);
    }
    follow();
    await eventually('all is well', () => isEmpty(drifted('blue')) && isEmpty(drifted('green')));
    await change('green', 'c2');
    await eventually('green drifts', () => isOnly(drifted('green'), 'c2'));
  });

  test('an API server that ends and starts again is told, and what happened meanwhile is seen', async t => {
    const own = await useOwnCluster(t);
    if (own === undefined) return;
    const {follow, drifted, change, events} = await opened(t, own);
    follow();
    await eventually('all is well', () => isEmpty(drifted('blue')) && isEmpty(drifted('green')));
    await own.kill();
    const isLost = (list: readonly FollowEvent[]) => list.at(-1)?.type === 'lost';
    await eventually('both are lost', () => isLost(events.blue) && isLost(events.green));
    await own.restart();
    await change('green', 'c2');
    await eventually('green drifts', () => isOnly(drifted('green'), 'c2'));
    await eventually('blue is well', () => isEmpty(drifted('blue')));
  });
});
