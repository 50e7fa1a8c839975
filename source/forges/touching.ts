import type {Forge, PullRequest} from './types.ts';

/** What of an environment tells which pull requests touch it. */
export interface Touched {
  name: string;
  /** Folder in the repository; '' is its root. */
  path: string;
  /** The branch it is deployed from; null where any will do. */
  branch: string | null;
  /** Further files it is made of: bases, components, charts. */
  files?: readonly string[];
}

/** So many pull requests are asked for their files at once. */
const atOnce = 4;

/**
 * The open pull requests that change files of each environment, most recently updated first: environment's name to pull
 * requests. Asks once for the list and once for the files of each. Throws ForgeError.
 */
export async function pullRequestsTouching(
  forge: Pick<Forge, 'list' | 'files'>,
  environments: readonly Touched[],
  signal?: AbortSignal,
): Promise<Map<string, PullRequest[]>> {
  const open = await forge.list(signal);
  const wanted = open.filter(({base}) => environments.some(({branch}) => branch === null || branch === base));
  const files = new Map<number, string[]>();
  const waiting = [...wanted];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      files.set(next.number, await forge.files(next.number, signal));
  };
  await Promise.all(Array.from({length: atOnce}, work));
  const touches = ({path, branch, files: more = []}: Touched, request: PullRequest) =>
    (branch === null || branch === request.base) &&
    (files.get(request.number) ?? []).some(
      file => path === '' || file === path || file.startsWith(`${path}/`) || more.includes(file),
    );
  return new Map(
    environments.map(environment => [
      environment.name,
      wanted.filter(request => touches(environment, request)),
    ]),
  );
}
