// The promotion's screen and the matrix of versions: what is shown (frames/), what keys do, and what comes too late.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {ChangeRequest, Session} from '../../source/app/session.ts';
import type {PromotionChoices} from '../../source/changes/promotion/types.ts';
import {environment, report, repository} from './fake-data.ts';
import {chain, promotePreview, promotionChoices, versionMatrix} from './fake-promotion.ts';
import {fakeSession} from './fake-session.ts';
import {goldenTests, type Scene} from './golden.tsx';
import {openScreen, type TestScreen} from './screen.tsx';

const branches: Partial<Session> = {
  ...chain,
  async promotionChoices(name, from) {
    return {
      ...promotionChoices(name, from ?? ''),
      merge: {source: 'origin/env/staging', target: 'origin/env/production', commits: 3, ahead: 1},
    };
  },
};

/** Ten environments, of which no screen of 80 columns shows all. */
const many: Partial<Session> = {
  ...chain,
  async versions() {
    const names = ['test', 'staging', ...Array.from({length: 8}, (_, index) => `prod-${index + 1}`)];
    return {
      environments: names.map((name, index) => ({
        name,
        protected: index > 1,
        promotesFrom: names[index - 1] ?? null,
        revision: null,
        problem: name === 'prod-3' ? 'the branch prod-3 is neither here nor on origin' : null,
        compared: true,
      })),
      rows: versionMatrix.rows.map(row => ({
        ...row,
        cells: names.map((name, index) => {
          const [cell = null] = row.cells;
          return cell === null ? null : {...cell, environment: name, version: `v1.${10 - index}.0`};
        }),
      })),
    };
  },
};

const failing: Partial<Session> = {
  ...chain,
  async promotionChoices() {
    throw Object.assign(new Error('there is no branch env/staging'), {
      fix: 'name the branch of the environment',
    });
  },
};

const frames: readonly Scene[] = [
  {name: 'promotion', keys: ['3', 'p'], until: 'Images 3'},
  {name: 'promotion-120', keys: ['3', 'p'], until: 'Images 3', columns: 120, rows: 35},
  {name: 'promotion-ascii', keys: ['3', 'p', 'G'], until: 'web.yaml', ascii: true},
  {name: 'promotion-own', keys: ['3', 'p', 'j', 'j', 'j', 'j', 'j'], until: 'Likely', columns: 120, rows: 35},
  {name: 'promotion-refused', keys: ['3', 'p', 'j', 'j', 'j', 'j', 'j', 'j', 'space'], until: 'not promoted'},
  {name: 'promotion-group', session: branches, keys: ['3', 'p', 'g'], until: 'origin/env/staging'},
  {name: 'promotion-file', keys: ['3', 'p', 'G', 'd'], until: 'replicas: 2'},
  {name: 'promotion-without-source', keys: ['1', 'p'], until: 'Nothing says'},
  {name: 'promotion-failed', session: failing, keys: ['3', 'p'], until: 'no branch'},
  {
    name: 'promotion-comparing',
    session: {...chain, promotionChoices: () => new Promise(() => {})},
    keys: ['3', 'p'],
    until: 'comparing',
  },
  {
    name: 'promotion-nothing',
    session: {
      ...chain,
      async promotionChoices(name, from) {
        return {...promotionChoices(name, from ?? ''), items: [], cautions: []};
      },
    },
    keys: ['3', 'p'],
    until: 'has all that',
  },
  {name: 'promotion-plan', keys: ['3', 'p', 'p'], until: 'Sets'},
  {name: 'promotion-plan-120', keys: ['3', 'p', 'p'], until: 'Sets', columns: 120, rows: 35},
  {name: 'versions', keys: ['V'], until: 'redis'},
  {name: 'versions-120', keys: ['V', 'l', 'l'], until: 'redis', columns: 120, rows: 35},
  {name: 'versions-differing', keys: ['V', 'l', 'l', '.'], until: 'differing only'},
  {
    name: 'versions-unread',
    session: {
      ...chain,
      async versions() {
        const problem = 'git log: the folder /srv/shop is not there (any more)';
        const environments = versionMatrix.environments.map(environment => ({...environment, problem}));
        return {environments, rows: []};
      },
    },
    keys: ['V', '.'],
    until: 'could not be read',
  },
  {name: 'versions-many', session: many, keys: ['V', 'l', 'l', 'l', 'l'], until: 'prod-3'},
];

goldenTests(frames, chain);

async function withScreen(
  session: Partial<Session>,
  use: (screen: TestScreen) => Promise<void>,
  readOnly = false,
) {
  const screen = await openScreen(fakeSession(session), {readOnly});
  try {
    await use(screen);
  } finally {
    screen.close();
  }
}

/** A session that keeps what plans were asked for. */
function planning(): {session: Partial<Session> & Pick<Session, 'planChange'>; asked: ChangeRequest[]} {
  const asked: ChangeRequest[] = [];
  const session: Partial<Session> & Pick<Session, 'planChange'> = {
    ...chain,
    async planChange(request) {
      asked.push(request);
      if (request.kind !== 'promote') throw new Error('not a promotion');
      return promotePreview(request);
    },
  };
  return {session, asked};
}

test('the matrix is as old as when it was read: it does not follow what runs', async () => {
  await withScreen(chain, async screen => {
    await screen.press('V');
    await screen.waitFor('Versions');
    screen.pass(120_000);
    for (const name of ['development', 'staging', 'production'])
      screen.store.dispatch({
        type: 'followed',
        environment: name,
        event: {type: 'report', report: report(name)},
      });
    await screen.waitFor('2m ago');
    await screen.press('r');
    await screen.waitFor('just now');
  });
});

describe('the promotion’s keys', () => {
  test('what is chosen by default is planned, with the commit that was shown', async () => {
    const {session, asked} = planning();
    await withScreen(session, async screen => {
      await screen.press('3', 'p', 'enter');
      await screen.waitFor('Sets');
    });
    const [request] = asked;
    assert.ok(request?.kind === 'promote');
    assert.deepEqual(request.items, ['images:Deployment/checkout:api', 'images:StatefulSet/redis:redis']);
    assert.equal(request.source, promotionChoices('production', 'staging').revisions.source);
    assert.deepEqual([request.environment, request.from, request.way], ['production', 'staging', 'items']);
  });

  test('a heading marks what may move together: no older image, no host, no secret', async () => {
    const {session, asked} = planning();
    await withScreen(session, async screen => {
      await screen.press('3', 'p', 'g', 'space', 'space', 'j', 'j', 'j', 'j', 'space', 'p');
      await screen.waitFor('Sets');
    });
    const [request] = asked;
    assert.ok(request?.kind === 'promote');
    assert.deepEqual(request.items, [
      'images:Deployment/checkout:api',
      'images:StatefulSet/redis:redis',
      'values:Deployment/web:spec.replicas',
    ]);
  });

  test('with nothing marked nothing is planned, and why is said', async () => {
    const {session, asked} = planning();
    await withScreen(session, async screen => {
      await screen.press('3', 'p', 'g', 'space', 'p');
      await screen.waitFor('nothing is marked');
    });
    assert.deepEqual(asked, []);
  });

  test('a read-only session looks, and plans nothing', async () => {
    const {session, asked} = planning();
    await withScreen(
      session,
      async screen => {
        await screen.press('3', 'p');
        await screen.waitFor('Images 3');
        await screen.press('p');
        await screen.waitFor('read-only');
      },
      true,
    );
    assert.deepEqual(asked, []);
  });

  test('m merges only where the two are branches', async () => {
    const {session, asked} = planning();
    await withScreen(session, async screen => {
      await screen.press('3', 'p', 'm');
      await screen.waitFor('folders of one branch');
    });
    await withScreen({...session, ...branches, planChange: session.planChange}, async screen => {
      await screen.press('3', 'p', 'm');
      await screen.waitFor('Merges staging whole');
    });
    assert.deepEqual(
      asked.map(request => request.kind === 'promote' && [request.way, request.items]),
      [['merge', null]],
    );
  });

  test('f takes the next environment, and the answer about the one before comes too late', async () => {
    const waiting: {from: string | null; answer: (choices: PromotionChoices) => void}[] = [];
    const session: Partial<Session> = {
      ...chain,
      promotionChoices: (_name, from) => new Promise(answer => waiting.push({from, answer})),
    };
    await withScreen(session, async screen => {
      await screen.press('3', 'p', 'f');
      await screen.waitFor('comparing production with development');
      const [first, second] = waiting;
      first?.answer({...promotionChoices('production', 'staging'), items: []});
      second?.answer(promotionChoices('production', 'development'));
      await screen.waitFor('Images 3');
      assert.match(screen.frame(), /Promote development → production/);
    });
    assert.deepEqual(
      waiting.map(({from}) => from),
      ['staging', 'development'],
    );
  });

  test('from the matrix only the chosen application is marked, for the chosen environment', async () => {
    const {session, asked} = planning();
    await withScreen(session, async screen => {
      await screen.press('V', 'l', 'l');
      await screen.waitFor('checkout in production');
      await screen.press('p');
      await screen.waitFor('Images 3');
      await screen.press('p');
      await screen.waitFor('Sets');
    });
    const [request] = asked;
    assert.ok(request?.kind === 'promote');
    assert.deepEqual(
      [request.environment, request.from, request.items],
      ['production', 'staging', ['images:Deployment/checkout:api']],
    );
  });

  test('enter in the matrix opens the environment, esc leads back', async () => {
    await withScreen(chain, async screen => {
      await screen.press('V', 'l', 'enter');
      await screen.waitFor('Drift');
      assert.match(screen.frame(), /^ staging/);
      await screen.press('esc', 'V', 'esc');
      assert.match(screen.frame(), /Environments 3/);
    });
  });

  test('an answer for a screen that is covered by now shows nothing there, and is asked for again on the way back', async () => {
    const waiting: {name: string; answer: (choices: PromotionChoices) => void}[] = [];
    const session: Partial<Session> = {
      ...chain,
      promotionChoices: (name, _from) => new Promise(answer => waiting.push({name, answer})),
    };
    await withScreen(session, async screen => {
      await screen.press('2', 'p', 'V', 'l');
      await screen.waitFor('checkout in production');
      await screen.press('p');
      await screen.waitFor('comparing production with staging');
      const [staging, production] = waiting;
      staging?.answer(promotionChoices('staging', 'development'));
      production?.answer({...promotionChoices('production', 'staging'), items: []});
      await screen.waitFor('has all that');
      await screen.press('q', 'q');
      await screen.waitFor('comparing staging with');
      waiting.at(-1)?.answer(promotionChoices('staging', 'development'));
      await screen.waitFor('Images 3');
    });
    assert.deepEqual(
      waiting.map(({name}) => name),
      ['staging', 'production', 'staging'],
    );
  });

  test('a matrix that was left while it was read is read on the way back', async () => {
    let asked = 0;
    const session: Partial<Session> = {
      ...chain,
      versions: () => {
        asked++;
        return asked === 1 ? new Promise(() => {}) : Promise.resolve(versionMatrix);
      },
    };
    await withScreen(session, async screen => {
      await screen.press('V', 'p', 'esc');
      await screen.waitFor('redis');
    });
    assert.equal(asked, 2);
  });

  test('one environment alone has nothing to be promoted from', async () => {
    const session: Partial<Session> = {
      async load() {
        return {repository, environments: [environment('staging')], problems: [], contextCount: 1};
      },
    };
    await withScreen(session, async screen => {
      await screen.press('p');
      await screen.waitFor('there is no other environment to promote from');
    });
  });
});
