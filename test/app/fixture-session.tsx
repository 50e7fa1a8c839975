import {openPager} from '../../source/commands/pager.ts';
import {shadeByEnvironment} from '../../source/terminal/background.ts';
// The app on a session of made-up answers: what the tests of the real terminal run. `FIXTURE` chooses what happens.

import {startApp} from '../../source/app/start.tsx';
import {openK9s} from '../../source/commands/k9s.ts';
import {copyByTmux, editText, openEditor, runProgram} from '../../source/commands/programs.ts';
import {parsePreferences} from '../../source/preferences/parse.ts';
import {colorDepthOf} from '../../source/terminal/color-depth.ts';
import {revertPreview} from './fake-data.ts';
import {fakeSession} from './fake-session.ts';
import {manyRows} from './many-rows.ts';

const fixture = process.env['FIXTURE'] ?? '';

/** What nobody catches: not an answer that failed, but a mistake in the program. */
const mistakes: Readonly<Record<string, () => void>> = {
  crash() {
    throw new Error('the fixture crashed');
  },
  rejection() {
    void Promise.reject(new Error('the fixture crashed'));
  },
  exit() {
    process.exit(7);
  },
};
const mistake = mistakes[fixture];

const session = fakeSession(
  mistake !== undefined
    ? {
        async fetch() {
          setTimeout(mistake);
          return new Promise(() => {});
        },
      }
    : fixture === 'slow-sync'
      ? {
          async sync(plan, _confirmed, signal, onEvent) {
            onEvent({type: 'step', index: 0, state: 'running', message: null});
            await new Promise(resolve => signal.addEventListener('abort', resolve, {once: true}));
            onEvent({type: 'step', index: 0, state: 'done', message: null});
            return {
              outcome: 'partial',
              done: 1,
              failed: [],
              unhealthy: [],
              message: `stopped after 1 of ${plan.steps.length} steps`,
            };
          },
        }
      : fixture === 'conflict'
        ? {
            // It is resolved once it was in the editor.
            async planChange(request) {
              const {plan, ...preview} = revertPreview(request.environment);
              if (request.kind !== 'revert' || request.resolved !== undefined) return {...preview, plan};
              const path = 'base/deploy.yaml';
              const id = 'a'.repeat(40);
              const told = {id, path, blob: id, deleted: false, undone: 'One', isResolved: false, note: null};
              return {...preview, plan: {...plan, conflicts: [{path, hunks: '', resolve: told}]}};
            },
            async conflictFile() {
              return {file: process.env['FIXTURE_FILE'] ?? '', line: 2};
            },
          }
        : fixture === 'many'
          ? {
              async inspect(name) {
                return manyRows(name, Number(process.env['FIXTURE_ROWS'] ?? 1000));
              },
            }
          : {},
);

const later = new Promise<typeof session>((resolve, reject) => {
  if (fixture === 'no-session') setTimeout(() => reject(new Error('there is no repository here')), 300);
  else setTimeout(() => resolve(session), fixture === 'late' ? 3000 : 0);
});

try {
  const code = await startApp(later, {
    stdin: process.stdin,
    stdout: process.stdout,
    ascii: false,
    color: colorDepthOf(process.env, true),
    shade: shadeByEnvironment(process.env) ?? 'dark',
    readOnly: fixture === 'read-only',
    // The fixture's files are made up: this test's own stands for them.
    onEditor: () => openEditor(process.env['FIXTURE_FILE'] ?? '', 2),
    onText: editText,
    onPager: openPager,
    onProgram: runProgram,
    onCopy: text => copyByTmux(text, process.env),
    onK9s: place => openK9s(place, undefined),
    preferences: {
      ...parsePreferences(process.env['FIXTURE_PREFERENCES'] ?? '', 'config.yaml'),
      mouse: fixture === 'mouse',
    },
  });
  process.stdout.write(`ended with ${code}\n`);
  process.exit(code);
} catch (error) {
  process.stdout.write(`failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
