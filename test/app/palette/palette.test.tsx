import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {dispatchPaste} from '../../../source/app/keys/dispatch.ts';
import type {Session} from '../../../source/app/session.ts';
import {currentScreen} from '../../../source/app/state/state.ts';
import {fakeSession} from '../fake-session.ts';
import {openScreen, type TestScreen} from '../screen.tsx';

async function open(
  t: TestContext,
  options: {readOnly?: boolean; rows?: number; columns?: number} = {},
  more: Partial<Session> = {},
): Promise<TestScreen> {
  const screen = await openScreen(fakeSession(more), options);
  t.after(() => screen.close());
  return screen;
}

/** Types a text, key by key. */
async function type(screen: TestScreen, text: string): Promise<void> {
  for (const letter of text) await screen.press(letter === ' ' ? 'space' : letter);
}

const at = (screen: TestScreen) => currentScreen(screen.store.state());
const notice = (screen: TestScreen) => screen.store.state().notice?.text ?? null;
const isOpen = (screen: TestScreen) => screen.store.state().palette !== null;

describe('the palette', () => {
  test('shows what fits, the best first, with its keys and its reason', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'rev');
    const frame = screen.frame();
    const row = frame.split('\n').findLast(line => line.includes('│ > '));
    assert.match(row ?? '', /> revisions +revisions of the environment +L │$/);
    // It is not for the overview: it stays to be found, and says so.
    assert.match(frame, /reveal +only in an environment/);
    assert.match(frame, /tab completes {2}enter runs {2}esc leaves/);
  });

  test('runs what is chosen', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'versions');
    await screen.press('enter');
    assert.equal(at(screen).id, 'versions');
    assert.equal(isOpen(screen), false);
  });

  test('goes to an environment by a part of its name', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'environment pr');
    assert.match(screen.frame(), /> production +eks-prod-eu/);
    await screen.press('enter');
    const shown = at(screen);
    assert.equal(shown.id === 'environment' && shown.environment, 'production');
  });

  test('opens a screen of another environment', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'revisions stag');
    await screen.press('enter');
    const shown = at(screen);
    assert.equal(shown.id === 'revisions' && shown.environment, 'staging');
  });

  test('without the optional name it is the environment that is shown', async t => {
    const screen = await open(t);
    await screen.press('2', ':');
    await type(screen, 'images ');
    await screen.press('enter');
    const shown = at(screen);
    assert.equal(shown.id === 'images' && shown.environment, 'staging');
  });

  test('tab completes the command, then its argument', async t => {
    const screen = await open(t);
    const text = () => screen.store.state().palette?.input.text;
    await screen.press(':');
    await type(screen, 'them');
    await screen.press('tab');
    assert.equal(text(), 'theme ');
    await type(screen, 'hi');
    await screen.press('tab');
    assert.equal(text(), 'theme high-contrast ');
    await screen.press('enter');
    assert.equal(screen.store.state().appearance.theme, 'high-contrast');
  });

  test('enter on a command that must be told more asks for it, and runs nothing', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'environm');
    await screen.press('enter');
    assert.equal(screen.store.state().palette?.input.text, 'environment ');
    await screen.press('enter');
    assert.equal(notice(screen), 'environment: environment is missing');
    assert.equal(at(screen).id, 'overview');
  });

  test('what is unknown is said and stays to be mended', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'theme blue');
    await screen.press('enter');
    assert.equal(notice(screen), 'theme: "blue" is no theme here');
    assert.equal(isOpen(screen), true);
    await screen.press('ctrl-u');
    await type(screen, 'qqq');
    await screen.press('enter');
    assert.equal(notice(screen), 'qqq: there is no such command');
    await screen.press('esc');
    await screen.press(':');
    await type(screen, 'versions now');
    await screen.press('enter');
    assert.equal(notice(screen), 'versions now: there is no such command');
  });

  test('a command that is not possible says why, and stays open', async t => {
    const screen = await open(t);
    await screen.press(':');
    await type(screen, 'revert');
    await screen.press('down', 'up', 'enter');
    assert.equal(isOpen(screen), true);
    assert.equal(notice(screen), 'revert: only in the revisions');
  });

  test('an enter too many runs nothing', async t => {
    const screen = await open(t);
    await screen.press(':', 'enter');
    assert.equal(isOpen(screen), false);
    assert.equal(at(screen).id, 'overview');
    assert.equal(screen.store.state().dialog, null);
  });

  test('up and down choose, esc leaves', async t => {
    const screen = await open(t);
    await screen.press(':');
    const chosen = () =>
      screen
        .frame()
        .split('\n')
        .findLastIndex(line => /│ > /.test(line));
    await screen.press('down');
    const first = chosen();
    await screen.press('down');
    assert.equal(chosen(), first + 1);
    await screen.press('up');
    assert.equal(chosen(), first);
    await screen.press('esc');
    assert.equal(isOpen(screen), false);
  });

  test('remembers what was run', async t => {
    const screen = await open(t);
    const text = () => screen.store.state().palette?.input.text;
    for (const line of ['theme dark', 'theme light']) {
      await screen.press(':');
      await type(screen, line);
      await screen.press('enter');
    }
    await screen.press(':');
    await type(screen, 'so');
    await screen.press('\u0010');
    assert.equal(text(), 'theme light');
    await screen.press('\u0010');
    assert.equal(text(), 'theme dark');
    await screen.press('\u000E', '\u000E');
    assert.equal(text(), 'so');
    await screen.press('up');
    assert.equal(text(), 'theme light');
  });

  test('pasted text is typed, never run', async t => {
    const screen = await open(t);
    await screen.press(':');
    screen.store.dispatch(...dispatchPaste(screen.store.state(), 'theme dark\nsync\n'));
    assert.equal(screen.store.state().palette?.input.text, 'theme dark');
    assert.equal(screen.store.state().dialog, null);
    assert.equal(screen.store.state().appearance.theme, 'auto');
  });

  test('a change is refused in a read-only session', async t => {
    const screen = await open(t, {readOnly: true});
    await screen.press(':');
    await type(screen, 'sync');
    assert.match(screen.frame(), /> sync +this session is read-only/);
    await screen.press('enter');
    assert.equal(notice(screen), 'sync: this session is read-only (--read-only)');
    assert.equal(screen.store.state().dialog, null);
  });

  test('from a text it runs what is behind it, and closes the text', async t => {
    const screen = await open(t);
    await screen.press('2', '?', ':');
    await type(screen, 'versions');
    await screen.press('enter');
    assert.equal(screen.store.state().overlay, null);
    assert.equal(at(screen).id, 'versions');
  });

  test('in a dialog it has the dialog’s commands, and waits as its keys do', async t => {
    const screen = await open(t);
    await screen.press('2', 's');
    await screen.press(':');
    assert.equal(isOpen(screen), false);
    screen.pass(400);
    await screen.press(':');
    await type(screen, 'leave');
    await screen.press('enter');
    assert.equal(screen.store.state().dialog, null);
  });

  test('fits into the smallest terminal', async t => {
    const screen = await open(t, {columns: 60, rows: 15});
    await screen.press(':');
    const rows = screen.frame().split('\n');
    assert.equal(rows.length, 15);
    assert.match(rows[0] ?? '', /infra-live/);
    assert.match(rows.at(-1) ?? '', /tab completes/);
  });
});
