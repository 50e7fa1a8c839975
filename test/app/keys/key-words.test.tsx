import assert from 'node:assert/strict';
import {glob, readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {commands} from '../../../source/app/keys/commands.ts';
import {parsePreferences} from '../../../source/preferences/parse.ts';
import {fakeSession} from '../fake-session.ts';
import {openScreen} from '../screen.tsx';

test('texts name commands that there are', async () => {
  const ids = new Set(commands.map(({id}) => id));
  let named = 0;
  for await (const file of glob('source/app/**/*.{ts,tsx}')) {
    const text = await readFile(file, 'utf8');
    for (const [, id = ''] of text.matchAll(/\b(?:keyWord|keySpan|keyOf)\([\w.{}]+, '([\w-]+)'\)/g)) {
      named += 1;
      assert.ok(ids.has(id), `${file} names ${id}`);
    }
  }
  assert.ok(named > 40, `${named} are named`);
});

test('texts name the user’s own keys, and the palette where there is none', async t => {
  const preferences = parsePreferences(
    'keys: {refresh: ctrl-y, help: f1, prune: f2, wait: , via-pull-request: f3, restore: f4, split: f5}',
    'config.yaml',
  );
  const failing = fakeSession({
    async inspect() {
      throw new Error('no route to host');
    },
  });
  const lost = await openScreen(failing, {preferences});
  t.after(() => lost.close());
  assert.match(lost.frame(), /f1 help/);
  assert.match(lost.frame(), /ctrl-y retry/);
  await lost.press('1');
  assert.match(lost.frame(), /ctrl-y tries again/);

  const screen = await openScreen(fakeSession(), {preferences});
  t.after(() => screen.close());
  await screen.press('2', 's');
  assert.match(screen.frame(), /\[ \] f2 prune \(1\).*:wait wait for health/s);
  screen.pass(400);
  await screen.press('esc', 'L', 'j', 'j', 'R');
  assert.match(screen.frame(), /f4 {2}restore/);
  assert.match(screen.frame(), /f3 {2}push/);
});
