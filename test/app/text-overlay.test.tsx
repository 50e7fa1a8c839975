// Reading a text in front: keys in, frames out.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {pagerText} from '../../source/app/overlays/pager-text.ts';
import {lookOf} from '../../source/app/text/theme.ts';
import type {ResourceDrift} from '../../source/drift/types.ts';
import {fields, formatPath} from '../../source/resources/field-path.ts';
import type {JsonObject} from '../../source/resources/json.ts';
import {report, resource} from './fake-data.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen} from './screen.tsx';

/** A config map of many lines, of which the tenth and the ninetieth differ. */
function longDrift(): ResourceDrift {
  const data: JsonObject = {};
  for (let index = 0; index < 100; index += 1) data[`key-${index}`] = `value ${index}`;
  const path = (name: string) => fields('data', name);
  const change = (name: string) => ({
    path: formatPath(path(name)),
    elements: path(name),
    change: 'changed' as const,
    desired: String(data[name]),
    live: `${String(data[name])} more`,
  });
  const object = (values: JsonObject) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: 'web'},
    data: values,
  });
  return resource('ConfigMap', 'shop', 'web', {
    status: 'Modified',
    desired: object(data),
    live: object({...data, 'key-10': 'value 10 more', 'key-90': 'value 90 more'}),
    fields: [change('key-10'), change('key-90')],
  });
}

function open(options: {columns?: number; rows?: number; ascii?: boolean} = {}) {
  const session = fakeSession({
    async inspect(name) {
      return report(name, {resources: [longDrift()]});
    },
  });
  return openScreen(session, options);
}

test('equal lines are left out of a diff, and open one stretch after the other', async () => {
  const screen = await open();
  await screen.press('2', 'd');
  assert.match(screen.frame(), /key-10: value 10 more/);
  assert.match(screen.frame(), />\s+… 3 equal lines/);
  await screen.press('{', '{');
  assert.match(screen.frame(), /… 7 equal lines/);
  assert.match(screen.frame(), /… 73 equal lines/);
  await screen.press('enter', 'enter');
  assert.match(screen.frame(), /key-0: value 0/);
  await screen.press('j', 'j', 'j', 'j');
  assert.match(screen.frame(), />\s+… 73 equal lines/);
  screen.close();
});

test('n and N go from change to change, and say where there is none', async () => {
  const screen = await open();
  await screen.press('2', 'd', 'n', 'n');
  assert.match(screen.frame(), /\+ {3}key-90: value 90 more/);
  await screen.press('n');
  assert.match(screen.frame(), /nothing changes below/);
  await screen.press('N');
  assert.match(screen.frame(), /\+ {3}key-10: value 10 more/);
  screen.close();
});

test('a search shows the first match while it is typed, and esc forgets it before it leaves', async () => {
  const screen = await open();
  await screen.press('2', 'd', '/', 'm', 'o', 'r', 'e');
  assert.match(screen.frame(), /\/more 1 of 2/);
  assert.match(screen.frame(), /enter keeps it {2}esc clears it/);
  await screen.press('enter', 'n');
  assert.match(screen.frame(), /\/more 2 of 2/);
  assert.match(screen.frame(), /key-90: value 90 more/);
  await screen.press('esc');
  assert.doesNotMatch(screen.frame(), /\/more/);
  assert.match(screen.frame(), /-git \+live/);
  await screen.press('esc');
  assert.match(screen.frame(), /Drift 3 of 5/);
  screen.close();
});

test('q leaves a text at once, and the two sides of an object are looked at alike', async () => {
  const screen = await open();
  await screen.press('2', 'y', '/', 'w', 'e', 'b', 'enter');
  assert.match(screen.frame(), /web, live .*\/web 1 of 1/);
  await screen.press('tab');
  assert.match(screen.frame(), /as git wants it .*\/web 1 of 1/);
  await screen.press('q');
  assert.match(screen.frame(), /Drift 3 of 5/);
  screen.close();
});

test('keys that are typed into a search are no commands', async () => {
  const screen = await open();
  await screen.press('2', 'd', '/', 'q', 'w');
  assert.match(screen.frame(), /\/qw nowhere/);
  await screen.press('backspace', 'backspace', 'enter');
  assert.doesNotMatch(screen.frame(), /nowhere/);
  screen.close();
});

test('u shows a text that is in front in two columns, w wraps it, the arrows move it', async () => {
  const screen = await open({columns: 80});
  await screen.press('2', 'd', 'u');
  assert.match(screen.frame(), /- {3}key-10: value 10 +│ +\+? .*\+ {3}key-10: value 10 more/);
  await screen.press('u', 'right');
  assert.match(screen.frame(), /from column 9/);
  await screen.press('w');
  assert.doesNotMatch(screen.frame(), /from column/);
  await screen.press('right');
  assert.match(screen.frame(), /long lines are wrapped: w cuts them/);
  screen.close();
});

test('in the pane, enter opens what is left out', async () => {
  const screen = await open({columns: 120, rows: 35});
  await screen.press('2', 'tab');
  assert.match(screen.frame(), />\s+… 4 equal lines/);
  await screen.press('enter');
  assert.doesNotMatch(screen.frame(), /… 4 equal lines/);
  screen.close();
});

test('the pager gets every line, none cut, in the colours of the screen', async () => {
  const screen = await open();
  await screen.press('2');
  await screen.press('|');
  assert.deepEqual(screen.outside, [{do: 'pager'}]);
  const text = (color: 'none' | '256') =>
    pagerText(screen.store.state(), {id: 'diff', top: 0}, lookOf({ascii: false, color}));
  assert.equal(
    text('none')
      .split('\n')
      .filter(row => row.includes('key-')).length,
    102,
  );
  assert.doesNotMatch(text('none'), /equal lines|38;5/);
  assert.match(text('256'), /\u001B\[38;5;/);
  screen.close();
});
