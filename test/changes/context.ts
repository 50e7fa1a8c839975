import type {ChangeContext} from '../../source/changes/publish.ts';
import {Standings} from '../../source/changes/standing.ts';
import type {Permit} from '../../source/engines/permission.ts';
import {permit} from '../../source/engines/permission.ts';
import type {Environment} from '../../source/environments/types.ts';
import {KnownForges} from '../../source/forges/known.ts';
import type {ForgeOptions} from '../../source/forges/open-pull-request.ts';
import {openRepository} from '../../source/repository/open.ts';

/** An environment of the tests' repositories: a folder of the same name. */
export function environment(name: string, more: Partial<Environment> = {}): Environment {
  return {
    name,
    path: `envs/${name}`,
    branch: null,
    context: null,
    namespace: null,
    source: 'auto',
    engine: 'auto',
    protected: false,
    promotesFrom: null,
    origin: 'a test',
    ...more,
  };
}

/** What the jobs need, with a forge that nobody can reach and no token. */
export async function contextOf(
  root: string,
  environments: readonly Environment[],
  more: Partial<ChangeContext> = {},
): Promise<ChangeContext> {
  const env = {PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GH_TOKEN: '', GITHUB_TOKEN: ''};
  return {repository: await openRepository(root), environments, ...forgesOf({env}), ...more};
}

/** Forges that are reached as the test says. */
export function forgesOf(options: ForgeOptions): Pick<ChangeContext, 'forges' | 'standings'> {
  const forges = new KnownForges(options);
  return {forges, standings: new Standings(forges)};
}

/** The permit of a user who said yes. */
export function permitFor(mutation: Permit['mutation'], subject: Environment): Permit {
  const permission = permit(mutation, subject, {readOnly: false}, {typed: subject.name});
  if (!permission.allowed) throw new Error(permission.reason);
  return permission.permit;
}
