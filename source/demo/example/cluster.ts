import {asMember, emptyApplySet, parentObject, widened} from '../../engines/direct/apply/apply-set.ts';
import type {RecordedDeployment} from '../../engines/direct/apply/history.ts';
import type {Repository} from '../../repository/types.ts';
import {identityOf} from '../../resources/identity.ts';
import {type JsonObject, objectAt} from '../../resources/json.ts';
import {loadSource} from '../../sources/load.ts';
import type {ApiServer} from '../api-server/server.ts';
import {deployedCommits, exampleHistory} from './history.ts';
import {seedMishaps, seedNightlyJobs} from './mishaps.ts';

export type ExampleEnvironment = keyof typeof deployedCommits;

/** The environments of the example, each of which gets a cluster of its own. */
export const exampleEnvironments = Object.keys(deployedCommits) as ExampleEnvironment[];

const namespace = 'shop';
const hour = 3600_000;

/**
 * Fills an environment's cluster with what was deployed to it over the example's history, and then with what people did
 * to it by hand. `now` (milliseconds) is what all ages count from; `source` is the repository's identity.
 */
export async function seedCluster(
  server: ApiServer,
  environment: ExampleEnvironment,
  example: {repository: Repository; commits: readonly string[]; source: string},
  now: number,
): Promise<void> {
  const history = exampleHistory();
  const folder = `environments/${environment}`;
  let set = emptyApplySet(namespace, environment);
  const deployments: RecordedDeployment[] = [];
  for (const [index, commit] of history.entries()) {
    if (index > deployedCommits[environment]) break;
    const revision = example.commits[index];
    if (revision === undefined) throw new Error(`the example has no commit ${index}`);
    const before = index === 0 ? undefined : history[index - 1];
    if (before !== undefined && sameFolder(commit.files, before.files, folder)) continue;
    const time = new Date(now - commit.ago + 4 * 60_000).toISOString();
    const {resources} = await loadSource(
      {path: folder, source: 'directory'},
      example.repository.tree(revision),
    );
    const objects = resources.map(({object}) => asMember(inNamespace(object), set.id)).sort(namespacesFirst);
    set = widened(set, objects.map(identityOf));
    deployments.unshift({
      revision,
      time,
      by: `${commit.author.split(' ')[0]?.toLowerCase()}@ops`,
      pruned: false,
      tookSeconds: 14,
    });
    server.seed(objects, {manager: 'gitops-tui', operation: 'Apply', time});
  }
  const last = deployments[0];
  if (last === undefined) throw new Error(`nothing was deployed to ${environment}`);
  server.seed([parentObject({...set, history: deployments}, example.source)], {
    manager: 'gitops-tui-applyset',
    operation: 'Apply',
    time: last.time,
  });
  for (const drift of byHand[environment]) {
    const time = new Date(now - drift.hoursAgo * hour).toISOString();
    server.seed([drift.object], {
      manager: drift.manager,
      operation: 'Update',
      time,
      ...(drift.subresource && {subresource: drift.subresource}),
    });
  }
  seedNightlyJobs(server, now);
  // All of it is long past: its workloads are up.
  server.settle();
  seedMishaps(server, environment, now);
}

interface Drift {
  manager: string;
  hoursAgo: number;
  object: JsonObject;
  subresource?: 'scale';
}

// What nobody committed: the night shift's hotfix, a password that somebody tried, a label for a colleague.
const byHand: Record<ExampleEnvironment, readonly Drift[]> = {
  development: [],
  staging: [
    {
      manager: 'kubectl-patch',
      hoursAgo: 3,
      object: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {name: 'database', namespace},
        data: {password: Buffer.from('tried-something-else').toString('base64')},
      },
    },
    {
      manager: 'kubectl-label',
      hoursAgo: 26,
      object: {apiVersion: 'v1', kind: 'Service', metadata: {name: 'web', namespace, labels: {watch: 'bob'}}},
    },
  ],
  production: [
    {
      manager: 'kubectl-edit',
      hoursAgo: 9,
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {name: 'shop-config', namespace},
        data: {'log-level': 'debug'},
      },
    },
    {
      manager: 'kubectl',
      hoursAgo: 2,
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: {name: 'web', namespace},
        spec: {replicas: 5},
      },
      subresource: 'scale',
    },
  ],
};

function inNamespace(object: JsonObject): JsonObject {
  if (object['kind'] === 'Namespace') return object;
  return {...object, metadata: {...objectAt(object, 'metadata'), namespace}};
}

function namespacesFirst(a: JsonObject, b: JsonObject): number {
  return Number(b['kind'] === 'Namespace') - Number(a['kind'] === 'Namespace');
}

function sameFolder(a: Record<string, string>, b: Record<string, string>, folder: string): boolean {
  const of = (files: Record<string, string>) =>
    JSON.stringify(Object.entries(files).filter(([name]) => name.startsWith(`${folder}/`)));
  return of(a) === of(b);
}
