import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import type {TestContext} from 'node:test';
import {driftDocument, exitStatus} from '../../../source/commands/document.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  parseJson,
  stringAt,
  stringifyJson,
} from '../../../source/resources/json.ts';
import {openWorkspace} from '../../../source/workspace.ts';
import {type Cluster, KubectlError, type KubectlOptions} from '../../cluster/cluster.ts';
import {useCluster as sharedCluster} from '../../cluster/shared.ts';
import type {Context} from '../../cluster/users.ts';
import {newRepository, temporaryFolder} from '../../repository/git-folder.ts';
import {runDiffCommand} from './command.ts';
import {describeVerdict, type Expectation, mismatches} from './expectation.ts';
import {Readers} from './readers.ts';

/** Files of the environment's folder by name; what git holds. Null takes a file away. */
export type Files = Record<string, string | null>;

/** Where a scenario lives, for manifests that need to say so. */
export interface Place {
  namespace: string;
}

export interface ScenarioOptions {
  /** A cluster other than the shared one. */
  cluster?: Cluster;
  /** How the environment is inspected: by default the cluster's own kubeconfig. */
  kubeconfig?: string;
  /** What happens happens to dry runs, which only the admin makes: do not look as the reader. */
  adminOnly?: boolean;
  /** Extra lines of `.gitops-tui.yaml` below the environment. */
  environment?: JsonObject;
  /** Start with no namespace in the environment's configuration. */
  withoutNamespace?: boolean;
}

/** One environment: a repository with one folder, and a namespace of a real cluster. */
export interface Scenario {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The repository's root. */
  readonly root: string;
  /** The environment's folder on disk. */
  readonly folder: string;
  /** Writes files of the environment's folder and commits them. */
  git(files: Files): Promise<void>;
  /** kubectl in the scenario's namespace. */
  kubectl(...args: string[]): Promise<string>;
  /** kubectl with text on its standard input. */
  feed(text: string, ...args: string[]): Promise<string>;
  /** `kubectl apply` of what git holds, client-side unless told otherwise. */
  applyGit(...options: string[]): Promise<void>;
  /** A live object. */
  live(kind: string, name: string): Promise<JsonObject>;
  /** Diffs the environment and holds the verdict to what is expected: every resource not named is Synced, exit status 0. */
  expect(expected: Expectation): Promise<Verdict>;
  /** Diffs the environment, also as a user who may only read, who must be told the same (see readers.ts). */
  diff(): Promise<Verdict>;
  /** The same through the command line, in a process of its own, from inside the repository. */
  diffByCommand(...options: string[]): Promise<Verdict>;
}

/** What `gitops-tui diff --output json` says. */
export interface Verdict {
  document: JsonObject;
  status: number;
  environment: JsonObject;
  resources: JsonObject[];
}

/**
 * Makes a temporary git repository with one environment and a namespace for it. Undefined where no cluster can be had
 * (the test is skipped, or fails in CI).
 */
export async function scenario(
  t: TestContext,
  files: Files | ((place: Place) => Files),
  options: ScenarioOptions = {},
): Promise<Scenario | undefined> {
  const cluster = options.cluster ?? (await sharedCluster(t));
  if (cluster === undefined) return undefined;
  const folder = temporaryFolder(t);
  const [namespace, repository] = await Promise.all([
    cluster.namespace('trap'),
    newRepository(path.join(folder, 'repository')),
  ]);
  const root = repository.root;
  const deploy = path.join(root, 'deploy');
  const environment = {
    name: 'test',
    path: 'deploy',
    context: 'admin',
    ...(options.withoutNamespace === true ? {} : {namespace}),
    ...options.environment,
  };
  const prefixed = (given: Files): Files =>
    Object.fromEntries(Object.entries(given).map(([name, text]) => [path.posix.join('deploy', name), text]));
  const given = typeof files === 'function' ? files({namespace}) : files;
  await repository.commit('Start', {
    '.gitops-tui.yaml': stringifyJson({environments: [environment]}, 2),
    ...prefixed(given),
  });

  const kubectl = (args: readonly string[], more: KubectlOptions = {}) =>
    cluster.kubectl(['--namespace', namespace, ...args], more);
  const isKustomization = Object.keys(given).some(name => name.startsWith('kustomization.y'));
  const source = isKustomization ? ['-k', deploy] : ['-R', '-f', deploy];

  const kubeconfig = options.kubeconfig ?? cluster.kubeconfig;
  const isReadToo = environment.context === 'admin' && options.adminOnly !== true;
  const readers = new Readers(t);

  const inspect = async (context?: Context): Promise<Verdict> => {
    const session = openWorkspace({
      repository: root,
      config: undefined,
      kubeconfig,
      context,
      worktree: false,
      readOnly: true,
    });
    try {
      const signal = AbortSignal.timeout(60_000);
      const {repository: summary, environments, problems} = await session.load(signal);
      const reports = await Promise.all(
        environments.map(({name}) => session.inspect(name, signal, () => undefined)),
      );
      const {path: where, remoteUrl: remote, head} = summary;
      const document = driftDocument({path: where, remote, head}, reports, problems, {resources: true});
      return verdictOf(stringifyJson(document), exitStatus(reports, problems));
    } finally {
      session.close();
    }
  };

  const scene: Scenario = {
    cluster,
    namespace,
    root,
    folder: deploy,
    async git(changed) {
      await repository.commit('Change', prefixed(changed));
    },
    kubectl: (...args) => kubectl(args),
    feed: (text, ...args) => kubectl(args, {input: text}),
    async applyGit(...more) {
      await kubectl(['apply', ...more, ...source]);
    },
    async live(kind, name) {
      const object = parseJson(
        await kubectl(['get', kind, name, '--output=json', '--show-managed-fields=true']),
      );
      assert.ok(isObject(object));
      return object;
    },
    async expect(expected) {
      const verdict = await scene.diff();
      const wrong = mismatches(verdict, expected);
      if (process.env['GITOPS_TUI_COMPARE_KUBECTL'] !== undefined) {
        const {status} = await kubectlDiff();
        t.diagnostic(`kubectl diff --server-side: ${status}; gitops-tui: ${verdict.status}`);
      }
      if (wrong.length > 0) {
        const {status, output} = await kubectlDiff();
        assert.fail(
          [
            ...wrong,
            '',
            describeVerdict(verdict),
            `kubectl diff --server-side: exit status ${status}`,
            output.slice(0, 4000),
          ].join('\n'),
        );
      }
      return verdict;
    },
    async diff() {
      const [verdict, read] = await Promise.all([inspect(), isReadToo ? inspect('reader') : undefined]);
      if (read !== undefined) {
        const wrong = readers.differences(verdict, read);
        if (wrong.length > 0)
          assert.fail([...wrong, '', describeVerdict(verdict), describeVerdict(read)].join('\n'));
      }
      return verdict;
    },
    async diffByCommand(...more) {
      const {status, stdout, stderr} = await runDiffCommand(root, kubeconfig, ...more);
      try {
        return verdictOf(stdout, status);
      } catch (error) {
        throw new Error(`gitops-tui diff: exit status ${status}\n${stdout}\n${stderr}`, {cause: error});
      }
    },
  };

  async function kubectlDiff(): Promise<{status: number | string; output: string}> {
    try {
      return {status: 0, output: await kubectl(['diff', '--server-side', ...source])};
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error;
      return {status: error.status ?? 'killed', output: error.stdout + error.stderr};
    }
  }

  return scene;
}

/** Removes objects outside of the scenario's namespace when the test ends. */
export function cleanUp(t: TestContext, {cluster}: Scenario, ...objects: string[]): void {
  t.after(() => cluster.kubectl(['delete', '--ignore-not-found', '--wait=false', ...objects]));
}

function verdictOf(text: string, status: number): Verdict {
  const document = parseJson(text);
  assert.ok(isObject(document), 'the document is an object');
  assert.equal(document['schemaVersion'], 1);
  const [environment] = listAt(document, 'environments');
  assert.ok(isObject(environment), `an environment was found: ${text}`);
  return {document, status, environment, resources: listAt(environment, 'resources').filter(isObject)};
}

/** The fields of a live object that a manager owns, as FieldsV1. */
export function ownedBy(
  live: JsonObject,
  manager: string,
  operation?: 'Apply' | 'Update',
): JsonObject | undefined {
  const entry = listAt(objectAt(live, 'metadata'), 'managedFields').find(
    item =>
      stringAt(item, 'manager') === manager &&
      (operation === undefined || stringAt(item, 'operation') === operation),
  );
  return entry === undefined ? undefined : objectAt(entry, 'fieldsV1');
}
