import {createHash} from 'node:crypto';
import {dump} from 'js-yaml';
import type {Cluster} from '../../source/cluster/types.ts';
import type {DirectEngineOptions} from '../../source/engines/direct/engine.ts';
import {createDirectEngine} from '../../source/engines/direct/engine.ts';
import {type Permit, permit} from '../../source/engines/permission.ts';
import type {Environment} from '../../source/environments/types.ts';
import type {BlameLine, Repository, Tree} from '../../source/repository/types.ts';
import {identityOf} from '../../source/resources/identity.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {createMask} from '../../source/secrets/mask.ts';
import {FakeCluster} from './fake-cluster.ts';

export const environment: Environment = {
  name: 'staging',
  path: '',
  branch: null,
  context: 'fake',
  namespace: 'shop',
  source: 'directory',
  engine: 'auto',
  protected: false,
  promotesFrom: null,
  origin: 'a test',
};

/** A repository with the files that a test gives it: the part of one that the engine uses. */
export class FakeRepository {
  readonly root = '/nowhere/shop';
  readonly files = new Map<string, string>();
  remoteUrl = 'https://forge.example/acme/shop.git';
  blamed: string[] = [];

  /** The commit that these files are: another one for other files. */
  get sha(): string {
    return hashOf(JSON.stringify([...this.files]));
  }

  /** Makes these objects all that git has, a file each. */
  holds(...objects: readonly JsonObject[]): void {
    this.files.clear();
    for (const object of objects) {
      const {kind, name} = identityOf(object);
      this.files.set(`${kind}-${name}.yaml`.toLowerCase(), dump(object));
    }
  }

  asRepository(): Repository {
    const tree = (revision: string): Tree => ({
      revision,
      list: async folder =>
        [...this.files.keys()]
          .filter(path => folder === '' || path.startsWith(`${folder}/`))
          .sort()
          .map(path => ({path, mode: '100644', oid: hashOf(this.files.get(path) ?? '')})),
      read: async entries =>
        new Map(entries.map(({path}) => [path, Buffer.from(this.files.get(path) ?? '')])),
      export: async () => {
        throw new Error('this repository has no disk');
      },
    });
    const line: BlameLine = {
      sha: 'c'.repeat(40),
      author: 'Jane',
      time: '2026-11-20T10:00:00Z',
      subject: 'Set it',
    };
    // Asked for where HEAD stands, again and again, by one who follows.
    const git: Pick<Repository['git'], 'text'> = {text: async () => `${this.sha}\n`};
    const part: Partial<Repository> = {
      git: git as Repository['git'],
      root: this.root,
      head: async () => ({sha: this.sha, branch: 'main'}),
      branches: async () => new Map([['main', this.sha]]),
      remote: async () => ({name: 'origin', url: this.remoteUrl}),
      tree,
      worktreeTree: () => tree('worktree'),
      blame: async (_revision, file, lines) => {
        this.blamed.push(file);
        return new Map(lines.map(number => [number, line]));
      },
    };
    // What the engine does not use is not there: a test that reaches for it fails at once.
    return part as Repository;
  }
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** An engine on a fake repository and a fake cluster (or another one), and what a test needs to move both. */
export function setUp(options: Partial<DirectEngineOptions> & {cluster?: Cluster} = {}) {
  const repository = new FakeRepository();
  const fake = new FakeCluster();
  const {cluster = fake, ...rest} = options;
  const engine = createDirectEngine({
    environment,
    repository: repository.asRepository(),
    connect: async () => cluster,
    ignore: [],
    mask: createMask(),
    worktree: false,
    actor: 'jane@laptop',
    ...rest,
  });
  return {engine, repository, cluster: fake, signal: new AbortController().signal};
}

/** The permit that a user who said yes has. */
export function allowed(name = environment.name): Permit {
  const answer = permit('sync', {name, protected: false}, {readOnly: false}, 'yes');
  if (!answer.allowed) throw new Error(answer.reason);
  return answer.permit;
}
