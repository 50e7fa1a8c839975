import type {Environment} from '../environments/types.ts';
import {pullRequestsUrl} from '../forges/compare-url.ts';
import {dialects} from '../forges/dialects.ts';
import {ForgeError} from '../forges/error.ts';
import type {KnownForges} from '../forges/known.ts';
import {environmentsTouched} from '../forges/touching.ts';
import type {Forge, PullRequest} from '../forges/types.ts';
import type {Remote, Repository} from '../repository/types.ts';
import type {SourceFiles} from './affected.ts';

/** What reading a forge's pull requests needs to know of the world. */
export interface ForgeContext {
  repository: Repository;
  environments: readonly Environment[];
  sourceFiles?: SourceFiles | undefined;
  forges: KnownForges;
}

/** An open pull request with the environments whose files it changes. */
export interface ListedPullRequest extends PullRequest {
  environments: readonly string[];
}

/** The open pull requests, or why they can't be told and where a person can look instead. */
export type PullRequestList =
  | {forge: string; requests: readonly ListedPullRequest[]}
  | {forge: null; reason: string; url: string | null};

/**
 * The open pull requests of the repository, most recently updated first, each with the environments that it touches; with a
 * name those that touch this one. Throws ForgeError and RepositoryError.
 */
export async function openPullRequests(
  context: ForgeContext,
  environment: string | null,
  signal?: AbortSignal,
): Promise<PullRequestList> {
  const place = await placeOf(context, environment, signal);
  if (!('forge' in place)) return {forge: null, ...place};
  const {forge} = place;
  const requests = await forge.list(signal).catch(error => {
    // A token that is no longer taken is looked for anew the next time.
    if (error instanceof ForgeError && error.reason === 'unauthorized')
      context.forges.forget(place.remote.url);
    throw error;
  });
  const touched = await environmentsTouched(forge, requests, await touchables(context, signal), signal);
  const listed = requests.map(request => ({...request, environments: touched.get(request.number) ?? []}));
  return {
    forge: dialects[forge.repository.forge].name,
    requests:
      environment === null ? listed : listed.filter(({environments}) => environments.includes(environment)),
  };
}

/** The environments that a pull request touches. Throws ForgeError and RepositoryError. */
export async function touchedBy(
  context: ForgeContext,
  forge: Forge,
  request: PullRequest,
  signal?: AbortSignal,
): Promise<Environment[]> {
  const touched = await environmentsTouched(forge, [request], await touchables(context, signal), signal);
  const names = touched.get(request.number) ?? [];
  return context.environments.filter(({name}) => names.includes(name));
}

/** The forge that pull requests are on, as the user, and its remote. Throws ForgeError where there is none. */
export async function forgeFor(
  context: ForgeContext,
  signal?: AbortSignal,
): Promise<{forge: Forge; remote: Remote}> {
  const place = await placeOf(context, null, signal);
  if ('forge' in place) return place;
  throw new ForgeError(
    'unauthorized',
    place.url === null ? place.reason : `${place.reason}; look at ${place.url}`,
  );
}

async function placeOf(
  context: ForgeContext,
  environment: string | null,
  signal?: AbortSignal,
): Promise<{forge: Forge; remote: Remote} | {reason: string; url: string | null}> {
  const {repository, environments, forges} = context;
  const named = environments.find(({name}) => name === environment)?.branch ?? null;
  const remote = await repository.remote(named ?? (await repository.head(signal)).branch, signal);
  if (remote === null) return {reason: 'there is no remote: git remote add origin URL', url: null};
  const {repository: found, forge} = await forges.of(remote.url, signal);
  if (found === null) return {reason: `${remote.name} is on no forge that is known`, url: null};
  if (forge !== null) return {forge, remote};
  const {login} = dialects[found.forge];
  return {reason: `there is no token for ${found.host}: ${login}`, url: pullRequestsUrl(found)};
}

/** The environments as pull requests touch them: their folder, what they are made of, the branch they come from. */
async function touchables({repository, environments, sourceFiles}: ForgeContext, signal?: AbortSignal) {
  const {branch: checkedOut} = await repository.head(signal);
  return Promise.all(
    environments.map(async environment => {
      const {name, path, branch: own} = environment;
      const branch = own ?? checkedOut;
      const upstream = branch === null ? null : await repository.upstreamOf(branch, signal);
      // A source that can't be read now is still known by its folder.
      const files = await sourceFiles?.(environment, signal).catch(() => undefined);
      signal?.throwIfAborted();
      return {name, path, branch: upstream?.branch ?? branch, ...(files === undefined ? {} : {files})};
    }),
  );
}
