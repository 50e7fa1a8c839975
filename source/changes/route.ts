import {pushRefusal, type Subject} from '../engines/permission.ts';
import {compareUrl} from '../forges/compare-url.ts';
import {dialects} from '../forges/dialects.ts';
import type {KnownForge} from '../forges/known.ts';
import type {ForgeRepository} from '../forges/types.ts';
import type {Remote} from '../repository/types.ts';
import type {ChangeContext} from './publish.ts';
import type {Standing} from './standing.ts';

/** The way a pull request takes, known before anything is pushed. */
export type Route =
  /** A branch in the repository; opened with the token, or by a person at the compare page. */
  | {by: 'branch'; remote: string}
  /** A branch in the user's fork, and a pull request across. */
  | {by: 'fork'; remote: string; path: string}
  /** The push itself opens it: GitLab by push options, Gitea by AGit. */
  | {by: 'push'; remote: string; needed: boolean}
  /** The user's branches are not taken, and there is no way around it that is known. */
  | {by: 'none'; reason: string};

/** Where a change of a branch can go. */
export interface Way {
  route: Route;
  found: KnownForge;
  standing: Standing | null;
}

/** Works out the way, asking the forge where there is a token. Throws only when aborted. */
export async function wayOf(
  context: ChangeContext,
  remote: Remote,
  base: string,
  signal?: AbortSignal,
): Promise<Way> {
  const {repository, forges, standings} = context;
  const found = await forges.of(remote.url, signal);
  const standing = await standings.of(repository, remote, base, signal);
  return {route: routeOf(remote, found, standing), found, standing};
}

function routeOf(remote: Remote, {repository, forge}: KnownForge, standing: Standing | null): Route {
  const branch: Route = {by: 'branch', remote: remote.name};
  if (repository === null) return branch;
  const pushes = repository.forge === 'gitlab' || repository.forge === 'gitea';
  if (forge === null) return pushes ? {by: 'push', remote: remote.name, needed: false} : branch;
  if (standing?.push !== false) return branch;
  if (standing.fork !== null) return {by: 'fork', ...standing.fork};
  // AGit takes commits of everybody who may read.
  if (repository.forge === 'gitea') return {by: 'push', remote: remote.name, needed: true};
  return {by: 'none', reason: forkWords(repository)};
}

function forkWords({forge, host, path}: ForgeRepository): string {
  return `you may not push to ${path}, and no remote is a fork of yours: fork it on ${dialects[forge].name}, git remote add fork https://${host}/YOUR-NAME/${path.split('/').at(-1)}.git, and try again`;
}

/** What of the way should be known before it is approved; null where it is the ordinary one. */
export function routeWords({route, found}: Way, base: string): string | null {
  const {repository} = found;
  switch (route.by) {
    case 'branch':
      return null;
    case 'fork':
      return `you may not push to ${repository?.path ?? 'the repository'}: the branch goes to your fork ${route.path} (${route.remote}), and the pull request leads across`;
    case 'push':
      return route.needed
        ? `you may not push to ${repository?.path ?? 'the repository'}: the commits go to refs/for/${base}, of which Gitea makes a pull request`
        : null;
    case 'none':
      return `no pull request can be opened from here: ${route.reason}`;
  }
}

/** An environment with what its forge says of straight pushes, for the one place that decides. */
export function subjectOf(environment: Subject, standing: Standing | null): Subject {
  return standing === null
    ? environment
    : {...environment, forge: {straight: standing.straight, reason: standing.reason}};
}

/** Why a push to the branch of these environments is refused; null where it is not known to be. */
export function refusalOf(environment: Subject, affected: readonly Subject[]): string | null {
  const own = pushRefusal(environment);
  if (own !== null) return own;
  const guarded = affected.filter(other => other.protected).map(other => other.name);
  return guarded.length === 0
    ? null
    : `it changes ${guarded.join(', ')} too, which is protected: changes go through a pull request`;
}

/** The page at which a person opens the pull request of a pushed branch; null without a forge that is known. */
export function openingPage({found, route}: Way, base: string, branch: string): string | null {
  const {repository} = found;
  if (repository === null) return null;
  return compareUrl(repository, base, branch, route.by === 'fork' ? route.path : undefined);
}
