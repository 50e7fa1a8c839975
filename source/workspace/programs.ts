import type {ProgramSession} from '../app/session.ts';
import {run} from '../process/run.ts';
import type {Workshop} from './parts.ts';
import type {WorkspaceOptions} from './workspace.ts';

/** What runs beside the app is not forgotten: after so long, in ms, it is ended. */
const longestMs = 30 * 60_000;
const mostOutput = 8 * 1024 * 1024;

/** Programs of the user's own preferences, run beside the app: in the repository's folder, on the kubeconfig of the session. */
export function programsPart(
  shop: Pick<Workshop, 'environment' | 'permit'>,
  {repository, kubeconfig}: Pick<WorkspaceOptions, 'repository' | 'kubeconfig'>,
): ProgramSession {
  return {
    async runProgram({argv, changes, environment}, confirmed, signal) {
      const [file = '', ...args] = argv;
      if (changes) {
        if (environment === null) throw new Error('it may change something, and no environment is chosen');
        shop.permit('program', shop.environment(environment), confirmed);
      }
      return run(file, args, {
        cwd: repository,
        signal,
        timeoutMs: longestMs,
        maxBuffer: mostOutput,
        // It must not write over the screen, nor outlive it.
        alone: true,
        ...(kubeconfig === undefined ? {} : {env: {KUBECONFIG: kubeconfig}}),
      });
    },
  };
}
