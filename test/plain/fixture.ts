// The line mode on a session of made-up answers: what the tests of the real terminal run. `FIXTURE` chooses what happens.
import {startPlain} from '../../source/plain/start.ts';
import {isDumb} from '../../source/plain/wanted.ts';
import {fakeSession} from '../app/fake-session.ts';

const fixture = process.env['FIXTURE'] ?? '';

const session = fakeSession(
  fixture === 'slow-sync'
    ? {
        async sync(plan, _confirmed, signal, onEvent) {
          onEvent({type: 'step', index: 0, state: 'running', message: null});
          await new Promise(resolve => signal.addEventListener('abort', resolve, {once: true}));
          onEvent({type: 'step', index: 0, state: 'done', message: null});
          const message = `stopped after 1 of ${plan.steps.length} steps`;
          return {outcome: 'partial', done: 1, failed: [], unhealthy: [], message};
        },
      }
    : fixture === 'hanging'
      ? {inspect: () => new Promise(() => {})}
      : {},
);

const opened =
  fixture === 'no-session'
    ? Promise.reject(new Error('there is no repository here'))
    : Promise.resolve(session);
opened.catch(() => {});

try {
  process.exitCode = await startPlain(opened, {
    stdin: process.stdin,
    stdout: process.stdout,
    readOnly: false,
    dumb: isDumb(process.env, process.platform),
  });
  process.stdout.write(`ended with ${process.exitCode}\n`);
} catch (error) {
  process.stdout.write(`failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
