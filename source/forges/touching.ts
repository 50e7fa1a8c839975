import {ForgeError} from './error.ts';
import type {Forge, PullRequest} from './types.ts';

/** What of an environment tells which pull requests touch it. */
export interface Touched {
  name: string;
  /** Folder in the repository; '' is its root. */
  path: string;
  /** The branch it is deployed from; null where any will do. */
  branch: string | null;
  /** Further files it is made of: bases, components, charts. */
  files?: ReadonlySet<string>;
}

/** So many pull requests are asked for their files at once. */
const atOnce = 4;

/**
 * The environments whose files each pull request changes: numbers to names. One whose files the forge does not tell touches
 * all that come from its base: what is not known is not harmless. Throws ForgeError.
 */
export async function environmentsTouched(
  forge: Pick<Forge, 'files'>,
  requests: readonly PullRequest[],
  environments: readonly Touched[],
  signal?: AbortSignal,
): Promise<Map<number, string[]>> {
  const touched = new Map<number, string[]>();
  const waiting = [...requests];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const {number, base} = next;
      const based = environments.filter(({branch}) => branch === null || branch === base);
      const files = based.length === 0 ? [] : await filesOf(forge, number, signal);
      const names = based.filter(
        environment => files === null || files.some(file => isOf(environment, file)),
      );
      touched.set(
        number,
        names.map(({name}) => name),
      );
    }
  };
  await Promise.all(Array.from({length: atOnce}, work));
  return touched;
}

async function filesOf(
  forge: Pick<Forge, 'files'>,
  number: number,
  signal?: AbortSignal,
): Promise<string[] | null> {
  try {
    return await forge.files(number, signal);
  } catch (error) {
    const isItsOwn = error instanceof ForgeError && ['not-found', 'refused', 'broken'].includes(error.reason);
    if (isItsOwn) return null;
    throw error;
  }
}

function isOf({path, files}: Touched, file: string): boolean {
  return path === '' || file === path || file.startsWith(`${path}/`) || (files?.has(file) ?? false);
}
