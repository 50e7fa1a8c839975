import type {Demo} from '../demo/demo.ts';
import {UsageError} from './failure.ts';
import type {Flags} from './flags.ts';
import {endSoon, show} from './open.ts';

/** `gitops-tui demo`: the app on an example repository and embedded clusters, which are gone when it ends. */
export async function run(words: string[], flags: Flags): Promise<number> {
  if (words.length > 0) throw new UsageError(`demo takes no words: "${words.join(' ')}" is too much`);
  const quit = new AbortController();
  let demo: Promise<Demo> | undefined;
  let file: string | undefined;
  try {
    return await show(
      flags,
      async () => {
        const [{startDemo}, {openWorkspace}] = await Promise.all([
          import('../demo/demo.ts'),
          import('../workspace.ts'),
        ]);
        quit.signal.throwIfAborted();
        // The app ends on the first signal; a second one must not keep the folder from being removed.
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
        demo = startDemo(quit.signal);
        const {repository, kubeconfig, hint} = await demo;
        file = kubeconfig;
        return openWorkspace(
          {
            repository,
            kubeconfig,
            worktree: flags.worktree,
            readOnly: flags.readOnly,
            revealSecrets: flags.revealSecrets,
          },
          {demoHint: hint},
        );
      },
      {kubeconfig: () => file},
    );
  } finally {
    quit.abort();
    await (await demo?.catch(() => undefined))?.stop();
    endSoon();
  }
}
