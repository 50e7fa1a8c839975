// What the keys of all lists do, as an operator sees it.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Session} from '../../source/app/session.ts';
import {currentScreen} from '../../source/app/state/state.ts';
import {environment, report, repository, synced, syncPlan} from './fake-data.ts';
import {withPullRequests} from './fake-pull-requests.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen, type TestScreen} from './screen.tsx';

const names = ['asia', 'europe', 'lab', 'production', 'staging'];

/** Five environments: lab and staging are in sync, production is protected. */
function several(more: Partial<Session> = {}): Session {
  return fakeSession({
    async load() {
      const environments = names.map(name => environment(name, {protected: name === 'production'}));
      return {repository, environments, problems: [], contextCount: 5};
    },
    async inspect(name) {
      return name === 'lab' || name === 'staging'
        ? synced(name)
        : report(name, {protected: name === 'production'});
    },
    ...more,
  });
}

async function on(
  session: Session,
  act: (screen: TestScreen) => Promise<void>,
  columns = 80,
  height = 24,
): Promise<void> {
  const screen = await openScreen(session, {columns, rows: height});
  try {
    await act(screen);
  } finally {
    screen.close();
  }
}

const rows = (screen: TestScreen) =>
  screen
    .frame()
    .split('\n')
    .slice(3, -2)
    .filter(row => /\w/.test(row));
const chosen = (screen: TestScreen) => /^[│|][ ]>(.*)$/m.exec(screen.frame())?.[1]?.trim() ?? '';
const typed = (text: string) => [...text].map(key => (key === ' ' ? 'space' : key));

describe('a filter', () => {
  test('shows what matches while it is typed, names the fields, and stays in the border', () =>
    on(
      several(),
      async screen => {
        await screen.press('/', ...typed('state:drift !asia'));
        assert.match(screen.frame(), /Environments 2 of 5/);
        assert.deepEqual(rows(screen).length, 2);
        assert.match(screen.frame(), /name: context: state:/);
        await screen.press('enter');
        assert.match(screen.frame(), /\/state:drift !asia ─/);
        await screen.press('r');
        assert.deepEqual(rows(screen).length, 2);
        await screen.press('esc');
        assert.deepEqual(rows(screen).length, 5);
      },
      120,
    ));

  test('that nothing matches leaves nothing to act on, and says how to leave it', () =>
    on(several(), async screen => {
      await screen.press('/', ...typed('nowhere'), 'enter', 's');
      assert.match(screen.frame(), /None of 5 matches \/nowhere/);
      assert.match(screen.frame(), /s: no environment is chosen/);
      assert.equal(screen.store.state().dialog, null);
      await screen.press('esc');
      assert.match(chosen(screen), /asia/);
    }));

  test('is a line with a cursor', () =>
    on(several(), async screen => {
      await screen.press(
        '/',
        ...typed('eu'),
        'left',
        'backspace',
        'right',
        ...typed('rope'),
        'ctrl-u',
        ...typed('lab'),
      );
      assert.deepEqual(rows(screen).length, 1);
      await screen.press('esc');
      assert.deepEqual(rows(screen).length, 5);
    }));

  test('can be said in the palette', () =>
    on(several(), async screen => {
      await screen.press(':', ...typed('filter lab'), 'enter');
      assert.deepEqual(rows(screen).length, 1);
      assert.match(screen.frame(), /\/lab ─/);
    }));

  test('finds in every other list, too', () =>
    on(
      several(withPullRequests()),
      async screen => {
        const places: readonly [readonly string[], string][] = [
          [['2'], 'kind:deploy'],
          [['2', 'L'], 'author:bob'],
          [['2', 'I'], 'state:newer web'],
          [['4', 'p', 'f'], 'app:redis'],
          [['V'], 'app:check'],
          [['Q'], 'number:#412'],
        ];
        for (const [keys, filter] of places) {
          await screen.press(...keys);
          await screen.press('/', ...typed(filter), 'enter');
          assert.ok(screen.frame().includes(`/${filter}`), `${filter} in\n${screen.frame()}`);
          assert.notEqual(chosen(screen), '', `${filter} in\n${screen.frame()}`);
          while (currentScreen(screen.store.state()).id !== 'overview') await screen.press('esc');
        }
      },
      120,
    ));
});

describe('orders', () => {
  test('the cursor stays on its environment whatever the order', () =>
    on(several(), async screen => {
      await screen.press('j', 'j', 'j');
      assert.match(chosen(screen), /production/);
      const seen = [];
      for (let times = 0; times < 4; times += 1) {
        await screen.press('S');
        assert.match(chosen(screen), /production/);
        seen.push(/sort (\w+)/.exec(screen.frame())?.[1] ?? 'listed');
      }
      assert.deepEqual(seen, ['state', 'name', 'deployed', 'listed']);
    }));

  test('n and . know what needs a look', () =>
    on(several(), async screen => {
      await screen.press('n', 'n');
      assert.match(chosen(screen), /production/);
      await screen.press('n');
      assert.match(chosen(screen), /asia/);
      await screen.press('.');
      assert.match(screen.frame(), /Environments 3 of 5 .* drift only/);
    }));
});

describe('several environments', () => {
  test('are synced one dialog after the other, each with its own plan and confirmation', () => {
    const synced: string[] = [];
    const session = several({
      async sync(plan, confirmed) {
        synced.push(`${plan.environment} ${typeof confirmed === 'string' ? confirmed : confirmed.typed}`);
        return new Promise(() => {});
      },
    });
    return on(session, async screen => {
      await screen.press('*');
      assert.match(screen.frame(), /3 marked/);
      await screen.press('s');
      assert.match(screen.frame(), /Sync asia \(1 of 3\)/);
      screen.pass(400);
      await screen.press('tab', 'enter');
      assert.match(screen.frame(), /Sync europe \(2 of 3\)/);
      assert.equal(screen.store.state().dialog?.armedAt, screen.store.state().now + 300);
      screen.pass(400);
      await screen.press('tab', 'enter');
      assert.match(screen.frame(), /Sync production \(3 of 3\)/);
      assert.match(screen.frame(), /PROTECTED/);
      screen.pass(400);
      await screen.press('tab', 'enter', ...typed('production'), 'enter');
      assert.deepEqual(synced, ['asia yes', 'europe yes', 'production production']);
      assert.equal(screen.store.state().dialog, null);
      assert.match(screen.frame(), /3 syncs were begun: w watches/);
      assert.doesNotMatch(screen.frame(), /marked/);
    });
  });

  test('one that is left ends it, and what was not begun stays marked', () =>
    on(several(), async screen => {
      await screen.press('*', 's');
      screen.pass(400);
      await screen.press('tab', 'enter');
      screen.pass(400);
      await screen.press('esc');
      assert.equal(screen.store.state().dialog, null);
      assert.match(screen.frame(), /europe and 1 more not synced, still marked; 1 sync was begun/);
      assert.deepEqual([...screen.store.state().screens[0].marked], ['europe', 'production']);
    }));

  test('a held enter goes through no second dialog', () =>
    on(several(), async screen => {
      await screen.press('*', 's');
      screen.pass(400);
      await screen.press('tab', 'enter', 'enter', 'enter');
      assert.match(screen.frame(), /Sync europe \(2 of 3\)/);
    }));

  test('marks that the filter hides are told where they are acted on', () =>
    on(several(), async screen => {
      await screen.press('*', '/', ...typed('asia'), 'enter');
      assert.match(screen.frame(), /3 marked \(2 hidden\)/);
      await screen.press('s');
      assert.match(screen.frame(), /2 of the 3 marked are not in sight, and part of this/);
    }));

  test('r asks those that are marked', () => {
    const asked: string[] = [];
    const session = several({
      async inspect(name) {
        asked.push(name);
        return report(name);
      },
    });
    return on(session, async screen => {
      asked.length = 0;
      await screen.press('space', 'r');
      assert.deepEqual(asked, ['asia']);
    });
  });
});

test('a change waits where the row under the cursor has just gone', () =>
  on(several(), async screen => {
    await screen.press('.', 'j');
    assert.match(chosen(screen), /europe/);
    screen.store.dispatch({
      type: 'followed',
      environment: 'europe',
      event: {type: 'report', report: synced('europe')},
    });
    await screen.press('s');
    assert.match(screen.frame(), /s: the row that was chosen is gone/);
    assert.equal(screen.store.state().dialog, null);
    screen.pass(1500);
    await screen.press('s');
    assert.match(screen.frame(), /Sync production/);
  }));

test('in the smallest terminal a long plan is scrolled to its end, with what is decided in sight', () => {
  const [step] = syncPlan('staging').steps;
  assert.ok(step !== undefined);
  const steps = Array.from({length: 12}, (_, index) => ({
    ...step,
    id: {group: '', kind: 'ConfigMap', namespace: 'shop', name: `config-${index}`},
  }));
  const warnings = ['one thing', 'another thing'].map(message => ({severity: 'warning' as const, message}));
  const session = fakeSession({
    async planSync(name, options) {
      return syncPlan(name, {options, steps, problems: warnings});
    },
  });
  return on(
    session,
    async screen => {
      await screen.press('3', 's');
      screen.pass(400);
      const seen = new Set<string>();
      for (let times = 0; times < 15; times += 1) {
        for (const [name] of screen.frame().matchAll(/config-\d+/g)) seen.add(name);
        assert.match(screen.frame(), /\[ Cancel \] {5}Apply/);
        assert.match(screen.frame(), /Protected: Apply then asks/);
        await screen.press('j');
      }
      assert.equal(seen.size, 12);
    },
    60,
    15,
  );
});

describe('resizing', () => {
  const opened: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a dialog', ['2', 's'], /Sync staging/],
    ['an overlay', ['2', 'n', 'd'], /checkout-api/],
    ['a filter that is typed', ['2', '/', ...typed('check')], /\/check/],
    ['the palette', [':', ...typed('imag')], /imag/],
    ['a list', ['2', '.', 'G'], /data\.password/],
  ];
  for (const [what, keys, expected] of opened) {
    test(`keeps ${what} and the cursor, from too small to large`, () =>
      on(fakeSession(), async screen => {
        await screen.press(...keys);
        const key = currentScreen(screen.store.state()).list.key;
        for (const [columns, rows] of [
          [200, 60],
          [60, 15],
          [20, 5],
          [59, 40],
          [100, 15],
          [80, 24],
        ] as const) {
          await screen.resize(columns, rows);
          const frame = screen.frame();
          if (columns < 60 || rows < 15) assert.match(frame.replace(/\s+/g, ' '), /terminal too small/);
          else assert.match(frame, expected, `${columns}x${rows}`);
          assert.equal(currentScreen(screen.store.state()).list.key, key);
          const {list} = currentScreen(screen.store.state());
          assert.ok(list.index >= list.top, `${columns}x${rows}`);
        }
      }));
  }
});
