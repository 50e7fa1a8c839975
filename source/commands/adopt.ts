import type {AdoptedResource} from '../app/session.ts';
import type {ResourceDrift} from '../drift/types.ts';
import {formatIdentity} from '../resources/identity.ts';
import {runChange} from './change.ts';
import {begin, chooseOne} from './common.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';

/**
 * `gitops-tui adopt ENVIRONMENT KIND/[NAMESPACE/]NAME [FIELD…]`: lets git say what is live, in the fields that are named,
 * else in all that differ. Exit statuses are those of `runChange`.
 */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    if (flags.worktree) throw new UsageError('adopt writes on what is committed: it takes no --worktree');
    const environment = chooseOne(loaded, words[0], 'adopt');
    const [, wanted, ...fields] = words;
    if (flags.all === (wanted !== undefined)) {
      throw new UsageError('adopt takes a resource (KIND/NAME or KIND/NAMESPACE/NAME), or --all');
    }
    const report = await session.inspect(environment.name, signal, () => {});
    const resources: AdoptedResource[] =
      wanted === undefined
        ? report.resources.filter(isAdoptable).map(({id}) => ({id, fields: null}))
        : [{id: chosen(report.resources, wanted).id, fields: fields.length === 0 ? null : fields}];
    const request = {
      kind: 'adopt',
      environment: environment.name,
      resources,
      inShared: flags.shared,
    } as const;
    return await runChange(session, request, flags, signal);
  } finally {
    session.close();
  }
}

function isAdoptable({status}: ResourceDrift): boolean {
  return status === 'Modified' || status === 'Extra';
}

function chosen(resources: readonly ResourceDrift[], wanted: string): ResourceDrift {
  const parts = wanted.toLowerCase().split('/');
  const [kind = '', ...name] = parts;
  const found = resources.filter(
    ({id}) =>
      id.kind.toLowerCase() === kind &&
      (name.length === 1
        ? id.name === wanted.split('/')[1]
        : formatIdentity(id).toLowerCase() === wanted.toLowerCase()),
  );
  const [first, second] = found;
  if (first === undefined) {
    const drifted = resources.filter(isAdoptable).map(({id}) => formatIdentity(id));
    const what =
      drifted.length === 0 ? 'nothing drifted' : `these drifted: ${drifted.slice(0, 10).join(', ')}`;
    throw new UsageError(`there is no resource "${wanted}" here; ${what}`);
  }
  if (second !== undefined) {
    throw new UsageError(
      `"${wanted}" is ${found.map(({id}) => formatIdentity(id)).join(' and ')}: say which`,
    );
  }
  return first;
}
