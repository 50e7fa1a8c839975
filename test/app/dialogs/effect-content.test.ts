import assert from 'node:assert/strict';
import {test} from 'node:test';
import '../../../source/app/keys/keymap.ts';
import {effectLines} from '../../../source/app/dialogs/effect-content.ts';
import {type ChangeEffects, effectsOf} from '../../../source/app/state/dialogs/change-effects.ts';
import {lookOf} from '../../../source/app/text/theme.ts';
import {defaultPreferences} from '../../../source/preferences/types.ts';
import {revertPreview} from '../fake-data.ts';
import {effectOf, onCluster} from '../fake-effect.ts';

const preview = revertPreview('staging', {alsoAffects: ['production']});
const change = {from: preview.plan.base, to: preview.plan.resultTree};
const asked = effectsOf(preview);
const inGit = effectOf('staging', change, null);

const told = (effects: ChangeEffects | null, room = 20) =>
  effectLines(effects, {
    state: {preferences: defaultPreferences},
    look: lookOf({ascii: true, color: false}),
    frame: 0,
    columns: 76,
    room,
  }).map(spans =>
    spans
      .map(({text}) => text)
      .join('')
      .trimEnd(),
  );

test('what is being asked turns, and what is known stands already', () => {
  assert.deepEqual(told(null), []);
  assert.deepEqual(told(asked), ['        | working out what it does']);
  assert.deepEqual(told({...asked, known: [inGit], asking: asked.asking.slice(1)}), [
    'Effect  1 changed (Deployment/web web 1.4.2 -> 1.4.1, replicas 6 -> 4), 1',
    '        new (Service/web), 1 gone (ConfigMap/banner)',
    '        | asking the cluster',
  ]);
});

test('what git alone says is told where the cluster was not asked', () => {
  assert.equal(told({known: [inGit], failed: [], asking: []}).length, 2);
});

test('what could not be found out is told beside what could', () => {
  const effects = {
    known: [effectOf('staging', change, onCluster)],
    failed: [{environment: 'production', message: 'git fell over'}],
    asking: [],
  };
  assert.equal(told(effects).at(-1), 'Effect  not known of production: git fell over');
});

test('a dialog that is short of room says that there is more', () => {
  const effects = {known: [effectOf('staging', change, onCluster)], failed: [], asking: []};
  assert.equal(told(effects).length, 4);
  assert.deepEqual(told(effects, 2).slice(1), ['        v shows the rest']);
  assert.equal(told(effects, 0).length, 1);
});
