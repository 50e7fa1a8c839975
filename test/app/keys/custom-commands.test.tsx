import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {checkedPreferences, keymapOf} from '../../../source/app/keys/keymap.ts';
import type {ProgramOrder, Session} from '../../../source/app/session.ts';
import {changesTheWorld} from '../../../source/app/state/calls.ts';
import {parsePreferences} from '../../../source/preferences/parse.ts';
import {formatProblem} from '../../../source/resources/problem.ts';
import {explore, kindOf} from '../explore.ts';
import {environment, report, repository, resource} from '../fake-data.ts';
import {withPullRequests} from '../fake-pull-requests.ts';
import {fakeSession} from '../fake-session.ts';
import {openScreen, type TestScreen} from '../screen.tsx';

const file = `
commands:
  - name: Tail
    key: ctrl-g
    when: {kind: [Deployment]}
    run: [kubectl, --context, '{context}', -n, '{namespace}', logs, '{kind}/{name}']
    in: pager
    changes: false
  - name: Restart
    key: ctrl-y
    places: [environment]
    run: [kubectl, --context, '{context}', rollout, restart, '{kind}/{name}']
    in: background
  - name: Shell
    key: ctrl-t
    places: [environment]
    run: [bash, -c, 'exec true', '{name}']
  - name: Watch
    run: [watch, '{environment}']
    changes: false
`;

// As a terminal sends them.
const logs = '\u0007';
const restart = '\u0019';
const shell = '\u0014';

const preferences = checkedPreferences(parsePreferences(file, 'config.yaml'));

interface Opened {
  screen: TestScreen;
  ran: {order: ProgramOrder; confirmed: 'yes' | {typed: string}}[];
}

async function open(
  t: TestContext,
  options: {readOnly?: boolean} = {},
  more: Partial<Session> = {},
): Promise<Opened> {
  const ran: Opened['ran'] = [];
  const session = fakeSession({
    async runProgram(order, confirmed) {
      ran.push({order, confirmed});
      return {exitCode: 0, stdout: 'one line\n\u001B[31mred\u0007\n', stderr: ''};
    },
    ...more,
  });
  const screen = await openScreen(session, {...options, preferences});
  t.after(() => screen.close());
  return {screen, ran};
}

const notice = (screen: TestScreen) => screen.store.state().notice?.text ?? null;

describe('a command of the user’s own', () => {
  test('is sound', () => assert.deepEqual(preferences.problems.map(formatProblem), []));

  test('that only looks runs at once, and shows what it printed, without its escapes', async t => {
    const {screen, ran} = await open(t);
    // The first row is a namespace, then a ConfigMap, then a Deployment.
    await screen.press('2', 'j', logs);
    assert.deepEqual(ran, [
      {
        order: {
          name: 'Tail',
          argv: ['kubectl', '--context', 'kind-staging', '-n', 'payments', 'logs', 'Deployment/checkout-api'],
          in: 'pager',
          changes: false,
          environment: 'staging',
        },
        confirmed: 'yes',
      },
    ]);
    assert.match(screen.frame(), /✓ ended with 0/);
    assert.match(screen.frame(), /│ red/);
    await screen.press('q');
    assert.equal(screen.store.state().overlay, null);
  });

  test('says why it can’t be run', async t => {
    const {screen, ran} = await open(t);
    await screen.press('2', 'k', logs);
    assert.equal(notice(screen), 'ctrl-g: choose a resource of kind Deployment');
    assert.equal(ran.length, 0);
  });

  test('stands in help, palette and footer', async t => {
    const {screen} = await open(t);
    await screen.press('2', 'j');
    const hinted = keymapOf(preferences).commands.find(({id}) => id === 'tail');
    assert.equal(hinted?.hint, 'Tail');
    await screen.press('?', '/', 't', 'a', 'i', 'l', 'enter');
    assert.match(screen.frame(), /Own/);
    assert.match(screen.frame(), /ctrl-g +Tail: kubectl --context \{context\}/);
    await screen.press('q', 'q', ':', 'w', 'a', 't', 'c', 'h');
    assert.match(screen.frame(), /> watch +Watch: watch \{environment\}/);
  });

  test('that may change something shows each argument, asks, and cancels by default', async t => {
    const {screen, ran} = await open(t);
    await screen.press('2', 'j', restart);
    const frame = screen.frame();
    assert.match(frame, /Restart: staging/);
    assert.match(frame, /Runs +kubectl/);
    assert.match(frame, / +Deployment\/checkout-api/);
    assert.match(frame, /\[ Cancel \]/);
    // Too early to be an answer.
    await screen.press('tab', 'enter');
    assert.notEqual(screen.store.state().dialog, null);
    screen.pass(400);
    await screen.press('enter');
    assert.equal(screen.store.state().dialog, null);
    assert.equal(ran.length, 0);
    await screen.press(restart);
    screen.pass(400);
    await screen.press('tab', 'enter');
    assert.deepEqual(
      ran.map(({order, confirmed}) => [order.name, order.environment, confirmed]),
      [['Restart', 'staging', 'yes']],
    );
    assert.equal(screen.store.state().dialog, null);
  });

  test('that may change something protected wants its name', async t => {
    const {screen, ran} = await open(t);
    await screen.press('3', 'j', restart);
    screen.pass(400);
    await screen.press('tab', 'enter', 'p', 'r', 'o', 'd', 'enter');
    assert.equal(ran.length, 0);
    await screen.press('u', 'c', 't', 'i', 'o', 'n', 'enter');
    assert.deepEqual(
      ran.map(({confirmed}) => confirmed),
      [{typed: 'production'}],
    );
  });

  test('that has the terminal asks for it, after the same dialog', async t => {
    const {screen, ran} = await open(t);
    await screen.press('2', 'j', shell);
    assert.deepEqual(screen.outside, []);
    screen.pass(400);
    await screen.press('tab', 'enter');
    assert.deepEqual(screen.outside, [
      {do: 'program', program: {file: 'bash', args: ['-c', 'exec true', 'checkout-api']}},
    ]);
    assert.equal(screen.store.state().dialog, null);
    assert.equal(ran.length, 0);
  });

  test('that may change something is refused in a read-only session; one that looks is not', async t => {
    const {screen, ran} = await open(t, {readOnly: true});
    await screen.press('2', 'j', restart);
    assert.equal(notice(screen), 'ctrl-y: this session is read-only (--read-only)');
    await screen.press(logs);
    assert.deepEqual(
      ran.map(({order}) => order.name),
      ['Tail'],
    );
  });

  test('that failed says so, and what it said', async t => {
    const {screen} = await open(
      t,
      {},
      {
        async runProgram() {
          return {exitCode: 3, stdout: '', stderr: 'no such context\n'};
        },
      },
    );
    await screen.press('2', 'j', restart);
    screen.pass(400);
    await screen.press('tab', 'enter');
    assert.match(screen.frame(), /x ended with 3/);
    assert.match(screen.frame(), /no such context/);
  });

  test('that could not be started says why', async t => {
    const {screen} = await open(
      t,
      {},
      {
        async runProgram() {
          throw new Error('kubectl was not found on PATH');
        },
      },
    );
    await screen.press('2', 'j', logs);
    assert.match(screen.frame(), /x kubectl was not found on PATH/);
  });

  test('a name that looks like an option is refused; one that is odd is shown and given as it is', async t => {
    const odd = (name: string): Partial<Session> => ({
      async load() {
        const environments = [environment('staging')];
        return {repository, environments, problems: [], contextCount: 1};
      },
      async inspect(wanted) {
        return report(wanted, {resources: [resource('Deployment', 'shop', name, {status: 'Missing'})]});
      },
    });
    for (const name of ['a b;$(id)\n`x` --all', '"\'\\']) {
      const {screen} = await open(t, {}, odd(name));
      await screen.press('1', 'j', shell);
      screen.pass(400);
      assert.ok(screen.frame().includes(JSON.stringify(name).slice(0, 20)), screen.frame());
      await screen.press('tab', 'enter');
      assert.deepEqual(screen.outside.at(-1), {
        do: 'program',
        program: {file: 'bash', args: ['-c', 'exec true', name]},
      });
    }
    const {screen} = await open(t, {}, odd('--kubeconfig=/etc/x'));
    await screen.press('1', 'j', shell);
    assert.equal(
      notice(screen),
      'ctrl-t: {name} would be "--kubeconfig=/etc/x", which could be read as an option',
    );
    assert.equal(screen.store.state().dialog, null);
  });
});

describe('the whole table with them', () => {
  const session = (more: Partial<Session> = {}) => fakeSession({...withPullRequests(), ...more});

  test('runs nothing that may change something in a read-only session', async () => {
    const {tried} = await explore(session({readOnly: true}), {readOnly: true, preferences});
    assert.ok(
      tried.some(({calls}) => calls.some(({name}) => name === 'runProgram')),
      'one that looks was run',
    );
    for (const {state, what, calls, next, dispatched} of tried) {
      assert.deepEqual(calls.filter(changesTheWorld), [], `${what} in ${kindOf(state)}`);
      assert.ok(next.dialog?.kind !== 'program' || !next.dialog.order.changes, what);
      const {outside} = dispatched;
      assert.ok(outside?.do !== 'program' || outside.program.file !== 'bash', `${what} in ${kindOf(state)}`);
    }
  });

  test('wants the name of what is protected', async () => {
    const {tried} = await explore(session(), {preferences});
    const changes = tried.flatMap(({state, calls, dispatched}) =>
      state.dialog?.kind === 'program' && state.dialog.protected
        ? [{state, calls: calls.filter(changesTheWorld), outside: dispatched.outside}]
        : [],
    );
    for (const {state, calls, outside} of changes) {
      if (calls.length === 0 && outside?.do !== 'program') continue;
      const stage = state.dialog?.kind === 'program' ? state.dialog.stage : undefined;
      assert.deepEqual(stage, {at: 'typing', typed: 'production'});
      for (const call of calls) assert.ok('confirmed' in call && typeof call.confirmed === 'object');
    }
    assert.ok(
      changes.some(({calls}) => calls.length > 0) && changes.some(({outside}) => outside?.do === 'program'),
    );
  });
});

describe('a command that can’t be', () => {
  for (const [words, text, expected] of [
    ['the name of another command', '{name: Sync, run: [x]}', '"Sync": there is a command sync already'],
    ['a name without a letter', '{name: "!!", run: [x]}', '"!!": its name has no letter'],
    ['an unknown screen', '{name: x, run: [x], places: [pods]}', '"x": "pods" is no screen'],
    ['a key that is taken', '{name: x, run: [x], key: s}', 'keys.x: s is sync already'],
    [
      'what is left of an arrow key',
      '{name: x, run: [x], key: A}',
      'keys.x: "A" can\'t be bound to what changes something',
    ],
    [
      'tmux’s key',
      '{name: x, run: [x], key: ctrl-a, changes: false}',
      'keys.x: "ctrl-a" can\'t be bound: tmux',
    ],
  ] as const) {
    test(words, () => {
      const {problems} = checkedPreferences(parsePreferences(`commands:\n  - ${text}\n`, 'config.yaml'));
      assert.equal(problems.length, 1);
      const [problem] = problems;
      assert.ok(
        problem !== undefined && formatProblem(problem).startsWith(`config.yaml:2:6: ${expected}`),
        problem?.message,
      );
    });
  }

  test('a key that is taken costs the key, not the command', () => {
    const mine = parsePreferences('commands:\n  - {name: mine, run: [x], key: s}\n', 'config.yaml');
    assert.deepEqual(keymapOf(mine).commands.find(({id}) => id === 'mine')?.keys, []);
  });
});
