import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Cluster} from '../test/cluster/cluster.ts';
import {manifests} from './manifests.ts';
import {timed} from './timed.ts';

/** How large an estate is; resources are spread evenly over environments, and over the namespaces of each. */
export interface SceneOptions {
  resources: number;
  environments: number;
  /** Of all environments together. */
  namespaces: number;
  contexts: number;
  /** kubectl's arguments that bring the resources to the cluster. */
  apply: readonly string[];
}

/** A repository whose every resource is live, unchanged. */
export interface Scene {
  repository: string;
  kubeconfig: string;
  /** The folder of each environment in the repository. */
  folders: readonly string[];
  /** Of the first environment's first resources. */
  namespace: string;
}

/** Makes a repository in a folder and applies all of it. Throws where kubectl or git fails. */
export async function makeScene(cluster: Cluster, folder: string, options: SceneOptions): Promise<Scene> {
  const {resources, environments, namespaces, contexts, apply} = options;
  const repository = path.join(folder, 'repository');
  await mkdir(repository, {recursive: true});
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, withContexts(await readFile(cluster.kubeconfig, 'utf8'), contexts), {
    mode: 0o600,
  });
  const names: string[] = [];
  for (let index = 0; index < namespaces; index++) names.push(await cluster.namespace('bench'));
  const folders: string[] = [];
  const config = ['environments:'];
  for (let index = 0; index < environments; index++) {
    const own = names.slice((index * namespaces) / environments, ((index + 1) * namespaces) / environments);
    const name = `e${index}`;
    folders.push(`environments/${name}`);
    await mkdir(path.join(repository, `environments/${name}`), {recursive: true});
    const files = manifests({count: resources / environments, namespaces: own});
    for (const [file, text] of Object.entries(files)) {
      await writeFile(path.join(repository, `environments/${name}`, file), text);
    }
    config.push(
      `  - {name: ${name}, path: environments/${name}, context: c${index % contexts}, namespace: ${own[0]}}`,
    );
  }
  await writeFile(path.join(repository, '.gitops-tui.yaml'), `${config.join('\n')}\n`);
  const git = (...args: string[]) =>
    must(timed('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', ...args], {cwd: repository}));
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'all');
  for (const each of folders) {
    const args = ['--kubeconfig', kubeconfig, ...apply, '-R', '-f', each];
    await must(timed('kubectl', args, {cwd: repository}));
  }
  return {repository, kubeconfig, folders, namespace: names[0] ?? 'default'};
}

async function must(running: ReturnType<typeof timed>): Promise<void> {
  const run = await running;
  if (run.status !== 0) throw new Error(run.stderr);
}

/** A kubeconfig with so many contexts, all of them the administrator's. */
function withContexts(text: string, count: number): string {
  const config = JSON.parse(text) as {contexts: {name: string; context: object}[]};
  const admin = config.contexts.find(({name}) => name === 'admin')?.context;
  const contexts = Array.from({length: count}, (_, index) => ({name: `c${index}`, context: admin}));
  return JSON.stringify({...config, contexts: [...config.contexts, ...contexts]});
}
