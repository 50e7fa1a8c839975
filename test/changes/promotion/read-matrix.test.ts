import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {containerImages} from '../../../source/changes/promotion/containers.ts';
import {readMatrix} from '../../../source/changes/promotion/read-matrix.ts';
import {formatPath} from '../../../source/resources/field-path.ts';
import {report} from '../../app/fake-data.ts';
import {newRepository, temporaryFolder} from '../../repository/git-folder.ts';
import {contextOf, environment} from '../context.ts';
import {deployment, object} from './objects.ts';

describe('the versions of a repository', () => {
  test('with what runs otherwise, since when a version waits, and what can’t be read', async context => {
    const folder = await newRepository(temporaryFolder(context));
    await folder.commit('Start', {
      'envs/staging/web.yaml': deployment('web', 'shop/web:1'),
      'envs/production/web.yaml': deployment('web', 'shop/web:1'),
      'envs/broken/web.yaml': 'a: [\n',
    });
    await folder.commit('Bump', {'envs/staging/web.yaml': deployment('web', 'shop/web:2')});
    const bumped = await folder.git('log', '-1', '--format=%aI');
    await folder.commit('Other', {'envs/staging/other.txt': 'x\n'});
    const [image] = containerImages(object(deployment('web', 'shop/web:2')));
    assert.ok(image !== undefined);
    const drifted = report('staging');
    const [first] = drifted.resources;
    assert.ok(first !== undefined);
    const path = formatPath(image.path);
    const field = {
      path,
      elements: image.path,
      change: 'changed',
      desired: 'shop/web:2',
      live: 'shop/web:3',
    } as const;
    const changes = await contextOf(
      folder.root,
      [
        environment('production', {promotesFrom: 'staging'}),
        environment('staging'),
        environment('broken', {promotesFrom: 'production'}),
        environment('gone', {branch: 'no-such-branch'}),
      ],
      {
        lastReport: name =>
          name === 'staging'
            ? {
                ...drifted,
                resources: [
                  {
                    ...first,
                    id: {group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web'},
                    fields: [field],
                  },
                ],
              }
            : undefined,
      },
    );
    const head = await folder.git('rev-parse', 'HEAD');
    const matrix = await readMatrix(changes, async ({name, branch}) => {
      if (branch !== null) throw new Error(`the branch ${branch} of ${name} is nowhere`);
      return changes.repository.tree(head);
    });
    assert.deepEqual(
      matrix.environments.map(({name, compared, problem}) => [
        name,
        compared,
        problem?.replace(/:.*/s, '') ?? null,
      ]),
      [
        ['staging', true, null],
        ['production', false, null],
        ['broken', false, "broken can't be read whole"],
        ['gone', false, 'the branch no-such-branch of gone is nowhere'],
      ],
    );
    const [row, ...others] = matrix.rows;
    assert.deepEqual(others, []);
    assert.equal(row?.repository, 'shop/web');
    assert.deepEqual(
      row?.cells.map(cell => cell && [cell.version, cell.live?.version ?? null, cell.against]),
      [['2', '3', null], ['1', null, 'behind'], null, null],
    );
    const since = row?.cells[1]?.since ?? '';
    assert.equal(Date.parse(since), Date.parse(bumped));
  });
});
