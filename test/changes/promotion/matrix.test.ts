import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {promotionOrder, versionMatrix} from '../../../source/changes/promotion/matrix.ts';
import {deployment, names, resources, together} from './objects.ts';

const side = (name: string, promotesFrom: string | null, text: string) => ({
  names: names(name),
  promotesFrom,
  resources: resources(text, `${name}/app.yaml`),
});

describe('the versions of applications across environments', () => {
  test('one row an application, paired by name, in the order of the chain', () => {
    const rows = versionMatrix([
      side('test', null, together(deployment('web-test', 'shop/web:3'), deployment('api', 'shop/api:1.2'))),
      side(
        'staging',
        'test',
        together(deployment('api', 'shop/api:1.1'), deployment('web-staging', 'shop/web:2')),
      ),
      side('production', 'staging', together(deployment('api', 'shop/api:1.2'), deployment('old', 'old:1'))),
    ]);
    assert.deepEqual(
      rows.map(({application, repository, cells}) => [
        application,
        repository,
        ...cells.map(cell => (cell === null ? null : `${cell.version} ${cell.against}`)),
      ]),
      [
        ['api', 'shop/api', '1.2 null', '1.1 behind', '1.2 ahead'],
        ['old', 'old', null, null, '1 null'],
        ['web', 'shop/web', '3 null', '2 behind', null],
      ],
    );
    assert.deepEqual(rows[0]?.cells[1]?.location, {file: 'staging/app.yaml', line: 13, column: 11});
  });

  test('an application that the middle of the chain lacks is still one row', () => {
    const rows = versionMatrix([
      side('test', null, deployment('web', 'web:2')),
      side('staging', 'test', ''),
      side('production', 'staging', deployment('web', 'web:1')),
    ]);
    assert.deepEqual(
      rows.map(({cells}) => cells.map(cell => cell?.version ?? null)),
      [['2', null, '1']],
    );
  });

  test('a workload of several containers has a row for each', () => {
    const two = deployment('web', 'web:1').replace(
      '      containers:\n',
      '      initContainers: [{name: migrate, image: shop/migrate:7}]\n      containers:\n',
    );
    const rows = versionMatrix([
      side('test', null, two),
      side('production', 'test', deployment('web', 'web:1')),
    ]);
    assert.deepEqual(
      rows.map(({application, cells}) => [application, ...cells.map(cell => cell?.against ?? null)]),
      [
        ['web app', null, 'same'],
        ['web migrate', null, null],
      ],
    );
  });
});

test('environments stand behind the ones that they are promoted from, circles notwithstanding', () => {
  const order = (...pairs: [string, string | null][]) =>
    promotionOrder(pairs.map(([name, promotesFrom]) => ({name, promotesFrom}))).map(({name}) => name);
  assert.deepEqual(order(['production', 'staging'], ['staging', 'test'], ['lab', null], ['test', null]), [
    'test',
    'staging',
    'production',
    'lab',
  ]);
  assert.deepEqual(order(['a', 'b'], ['b', 'a']), ['b', 'a']);
  assert.deepEqual(order(['a', 'a'], ['b', 'gone']), ['a', 'b']);
});
