import type {ClusterPlace} from '../app/keys/command.ts';
import {ProcessError, runInteractive} from '../process/run.ts';
import type {ProgramCall} from './programs.ts';

/** What k9s is to show, and whether without its keys that change anything. */
export type K9sPlace = ClusterPlace & {readonly readOnly: boolean};

/** How k9s is started on a place, with the kubeconfig file that was named at the start, if one was. */
export function k9sCall(place: K9sPlace, kubeconfig: string | undefined): ProgramCall {
  const {context, namespace, readOnly} = place;
  const kind = kindWord(place);
  return {
    file: 'k9s',
    args: [
      ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
      ...['--context', context],
      ...(namespace === null ? [] : ['--namespace', namespace]),
      ...(kind === null ? [] : ['--command', kind]),
      ...(readOnly ? ['--readonly'] : []),
    ],
  };
}

/** Opens k9s in this terminal until it is left. Throws with what to do where it can't. */
export async function openK9s(place: K9sPlace, kubeconfig: string | undefined): Promise<void> {
  const {file, args} = k9sCall(place, kubeconfig);
  let exitCode: number;
  try {
    exitCode = await runInteractive(file, args);
  } catch (error) {
    if (!(error instanceof ProcessError && error.reason === 'not-found')) throw error;
    const kubectl = [
      ...['kubectl', '--context', place.context],
      ...(place.namespace === null ? [] : ['-n', place.namespace]),
      ...['get', kindWord(place) ?? 'all'],
    ];
    throw new Error(`k9s is not on PATH: get it from k9scli.io, or run ${kubectl.join(' ')}`, {cause: error});
  }
  if (exitCode !== 0) throw new Error(`k9s ended with ${exitCode}`);
}

/** The word by which k9s and kubectl know a kind: its name in small letters. What is no name of a kind is nobody's command. */
function kindWord({kind}: ClusterPlace): string | null {
  return kind !== null && /^[A-Za-z][A-Za-z0-9]*$/.test(kind) ? kind.toLowerCase() : null;
}
