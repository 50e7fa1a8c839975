import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {dispatch} from '../../../../source/app/keys/dispatch.ts';
import {adoptable} from '../../../../source/app/state/dialogs/adoption.ts';
import {emptyList} from '../../../../source/app/state/lists/list.ts';
import {reduce} from '../../../../source/app/state/reduce.ts';
import {environmentScreen} from '../../../../source/app/state/screens/environment-screen.ts';
import {type AppState, type EnvironmentState, initialState} from '../../../../source/app/state/state.ts';
import {adoptPreview} from '../../adopt-preview.ts';
import {environment, noon, report, resource} from '../../fake-data.ts';

/** The environment screen with a row chosen and some resources marked. */
function at(row: string, marked: readonly string[] = []): AppState {
  const name = 'staging';
  const resources = [
    ...report(name).resources,
    resource('Deployment', 'payments', 'gone', {status: 'Missing'}),
  ];
  const known: EnvironmentState = {
    environment: environment(name),
    isChosen: false,
    report: report(name, {resources}),
    checkedAt: noon,
    followed: true,
    tookMs: 100,
    failure: null,
    settledAt: noon,
    progress: null,
    early: [],
    deployments: [],
    rule: null,
  };
  const screen = {
    ...environmentScreen(name),
    driftOnly: false,
    list: {...emptyList, key: row},
    marked: new Set(marked),
  };
  const state = initialState({size: {columns: 80, rows: 24}, readOnly: false, now: noon});
  return {...state, environments: [known], loaded: true, screens: [...state.screens, screen]};
}

const web = 'apps/Deployment/payments/checkout-api';

describe('what adopting is about', () => {
  test('the field that is chosen, else all of its resource', () => {
    const field = adoptable(at(`f:${web}\nspec.replicas`));
    assert.ok(typeof field !== 'string', String(field));
    assert.deepEqual(field.request.resources, [
      {
        id: {group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'checkout-api'},
        fields: ['spec.replicas'],
      },
    ]);
    assert.equal(field.about, 'Deployment/payments/checkout-api spec.replicas');
    const whole = adoptable(at(`r:${web}`));
    assert.ok(typeof whole !== 'string');
    assert.deepEqual(
      whole.request.resources.map(({fields}) => fields),
      [null],
    );
  });

  test('what is marked comes before what is chosen', () => {
    const marked = adoptable(at(`f:${web}\nspec.replicas`, [web, '/ConfigMap/payments/old-flags']));
    assert.ok(typeof marked !== 'string');
    assert.equal(marked.about, '2 resources');
    assert.deepEqual(
      marked.request.resources.map(({id, fields}) => [id.kind, fields]),
      [
        ['Deployment', null],
        ['ConfigMap', null],
      ],
    );
  });

  test('or it says why there is nothing', () => {
    assert.equal(adoptable(at('n:payments')), 'choose a field or a resource first');
    assert.equal(
      adoptable(at('r:apps/Deployment/payments/gone')),
      'it is not live: there is nothing to adopt',
    );
    assert.equal(adoptable(at('r:/Service/payments/checkout-api')), 'git says what is live');
    assert.match(
      String(adoptable(at('f:/Secret/platform/db-creds\ndata.password'))),
      /^values of Secrets are never written/,
    );
  });
});

test('the key opens a dialog that asks for the plan; in a read-only session it is refused', () => {
  const state = at(`f:${web}\nspec.replicas`);
  const {actions} = dispatch(state, 'a', noon);
  assert.deepEqual(
    actions.map(({type}) => type),
    ['hush', 'open-change'],
  );
  const opened = actions.reduce((next, action) => reduce(next, action, noon), state);
  assert.ok(opened.dialog?.kind === 'change' && opened.dialog.focus === 'cancel');
  assert.deepEqual(
    opened.requests.map(({call}) => call.name),
    ['planChange'],
  );
  const refused = dispatch({...state, readOnly: true}, 'a', noon);
  assert.deepEqual(
    refused.actions.map(({type}) => type),
    ['say'],
  );
});

describe('where others share the files', () => {
  const request = {kind: 'adopt', environment: 'staging', resources: []} as const;
  const opened = (more: Parameters<typeof adoptPreview>[1] = {}): AppState => {
    const state = reduce(at(`r:${web}`), {type: 'open-change', request, about: 'web'}, noon);
    const [asked] = state.requests;
    const value = adoptPreview(request, more);
    return reduce(
      state,
      {type: 'answered', token: asked?.token ?? -1, answer: {name: 'planChange', value}},
      noon,
    );
  };
  const keys = (state: AppState, key: string): AppState =>
    dispatch(state, key, noon + 1000).actions.reduce(
      (next, action) => reduce(next, action, noon + 1000),
      state,
    );

  test('the other way asks for another plan, and back', () => {
    const other = keys(opened(), 't');
    assert.ok(other.dialog?.kind === 'change' && other.dialog.request.kind === 'adopt');
    assert.equal(other.dialog.request.inShared, true);
    assert.equal(other.dialog.stage.at, 'planning');
    const back = keys(other, 'm');
    assert.ok(back.dialog?.kind === 'change' && back.dialog.request.kind === 'adopt');
    assert.equal(back.dialog.request.inShared, false);
  });

  test('where none does there is one way', () => {
    const state = opened({adopted: []});
    assert.deepEqual(keys(state, 't').dialog, state.dialog);
  });
});
