import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {placeOf} from '../../source/app/keys/command.ts';
import type {Session} from '../../source/app/session.ts';
import {shown} from '../../source/app/state/screen-kinds.ts';
import {currentScreen} from '../../source/app/state/state.ts';
import {commandsHere} from '../../source/plain/meaning.ts';
import {report} from '../app/fake-data.ts';
import {withPullRequests} from '../app/fake-pull-requests.ts';
import {fakeSession} from '../app/fake-session.ts';
import {openTranscript, type Transcript} from './transcript.ts';

async function opened(
  t: TestContext,
  session: Partial<Session> = {},
  options: Parameters<typeof openTranscript>[1] = {},
): Promise<Transcript> {
  const talk = await openTranscript(fakeSession(session), options);
  t.after(() => talk.close());
  return talk;
}

/** A session that tells which changes were ordered. */
function recording() {
  const syncs: unknown[] = [];
  const changes: string[] = [];
  const base = fakeSession();
  const session: Partial<Session> = {
    sync(plan, confirmed, signal, onEvent) {
      syncs.push(confirmed);
      return base.sync(plan, confirmed, signal, onEvent);
    },
    makeChange(preview, order, confirmed, signal) {
      changes.push(order.via);
      return base.makeChange(preview, order, confirmed, signal);
    },
  };
  return {syncs, changes, session};
}

describe('looking around, line by line', () => {
  test('it begins with where we are: the repository, and each environment in words', async t => {
    const talk = await opened(t);
    assert.equal(
      talk.printed(),
      `Repository infra-live: branch main at 3f2a91c, 2 behind its remote.
3 environments:
1. development: in sync (checked just now)
2. staging: drift, 2 modified, 1 extra (checked just now)
3. production (protected): drift, 2 modified, 1 extra (checked just now)`,
    );
    assert.equal(talk.talk.prompt(), 'gitops-tui: overview> ');
  });

  test('a number opens an environment; rows, both values and who changed them are words', async t => {
    const talk = await opened(t);
    talk.printed();
    assert.equal(
      await talk.type('2'),
      `staging: drift, 2 modified, 1 extra (checked 1s ago)
1. Namespace payments, 1 modified, 1 extra
2.   ConfigMap/old-flags: extra: in the cluster, not in git; prune would delete it
3.   Deployment/checkout-api: modified, 2 fields
4.     spec.replicas: git 3, live 5, by kubectl-scale 2h ago
5.     spec.template.spec.containers[name=api].image: git registry.example/checkout:v1.8.2, live registry.example/checkout:v1.8.0, by argocd 2d ago
6. Namespace platform, 1 modified
7.   Secret/db-creds: modified, 1 field, compared here only
8.     data.password: git ***3f2a91c0, live ***88121f00, by kubectl-edit 30m ago`,
    );
    assert.equal(talk.talk.prompt(), 'gitops-tui: staging> ');
  });

  test('a row tells all about itself, the next drift too', async t => {
    const talk = await opened(t);
    await talk.type('open staging');
    assert.match(
      await talk.type('4'),
      /^4\. spec\.replicas: git 3, live 5, by kubectl-scale 2h ago\nField: spec\.replicas\nChanged by: kubectl-scale, 2h ago\nGit source: .*checkout\.yaml:9\n/,
    );
    assert.match(await talk.type('next'), /^5\. spec\.template/);
    assert.match(await talk.type('N'), /^4\. spec\.replicas/);
  });

  test('a command tells what it changed, and only that', async t => {
    const talk = await opened(t);
    await talk.type('2');
    const marked = await talk.type('mark 2 7');
    assert.match(marked, /^2 marked\n2\. {3}ConfigMap\/old-flags: .*, marked\n7\. {3}Secret/);
    assert.doesNotMatch(marked, /Deployment/);
    assert.match(await talk.type('filter platform'), /Filter: platform\n2 marked\n1\. Namespace platform/);
    assert.match(await talk.type('filter'), /1\. Namespace payments/);
  });

  test('what a number stood for when it was printed is what it means', async t => {
    const talk = await opened(t);
    await talk.type('2');
    const {environment} = talk.store.state().environments[1] ?? {};
    const before = report('staging');
    talk.store.dispatch({
      type: 'followed',
      environment: environment?.name ?? '',
      event: {
        type: 'report',
        report: {...before, resources: before.resources.filter(({id}) => id.kind !== 'ConfigMap')},
      },
    });
    assert.match(await talk.type('3'), /^3\. Deployment\/checkout-api/);
    assert.equal(await talk.type('2'), 'Row 2 is not there any more; list prints what is.');
    assert.match(await talk.type('adopt 2'), /not there any more/);
    assert.match(await talk.type('sync 3'), /for the whole environment.*nothing was done/);
    assert.equal(talk.store.state().dialog, null);
  });

  test('diff and YAML are verbatim, and long texts come page by page', async t => {
    const talk = await opened(t, {}, {rows: 10});
    await talk.type('2');
    const first = await talk.type('yaml 3');
    assert.match(first, /^Deployment\/payments\/checkout-api, live\napiVersion: apps\/v1\n/);
    assert.match(first, /Lines 1 to 10 of 24; more shows the next\.$/);
    assert.match(await talk.type('more'), /^ {2}replicas: 5\n/);
    await talk.type('more');
    assert.match(await talk.type('yaml git'), /as git wants it/);
    assert.match(
      (await talk.type('diff 4')) + (await talk.type('more')),
      / 9>- {3}replicas: 3\n {3}9>\+ {3}replicas: 5\n/,
    );
  });

  test('every screen has words and numbered rows, also one that nobody wrote words for', async t => {
    const talk = await opened(t, withPullRequests());
    await talk.type('2');
    for (const [command, expected] of [
      [
        'revisions',
        /^Revisions staging: .*\n1\. 3f2a91c, when 1h, author Jane Doe, subject checkout: image v1\.8\.2/,
      ],
      ['images', /^Images staging 2 newer.*\n1\. ghcr\.io\/acme\/checkout:1\.8\.2, state newer, to 1\.9\.0/],
      ['pull-requests', /^Pull requests that touch staging on GitHub\n1\. 409, title /],
      [
        'versions',
        /^Versions of 4 applications in 3 environments\nChosen environment: staging\n1\. checkout: development v1\.8\.2; /,
      ],
    ] as const) {
      assert.match(await talk.type(command), expected);
      assert.match(await talk.type('back'), /^staging: drift/);
    }
  });

  test('headings stand between rows, and each number means its own row', async t => {
    const talk = await opened(t);
    await talk.type('2');
    const field = await talk.type('field 4');
    assert.match(field, /\n3\. Last applied: 3\nCLUSTER, field managers, .*\n4\. 2h, kubectl-scale, /);
    await talk.type('back');
    const events = await talk.type('events 3');
    const {screen, kind} = shown(talk.store.state());
    const {keys} = kind.rows(talk.store.state(), screen);
    for (const index of keys.keys()) {
      await talk.type(`show ${index + 1}`);
      assert.equal(currentScreen(talk.store.state()).list.key, keys[index]);
    }
    assert.match(events, /\n3\. checkout-api-7d4b9c6f5d-x2kqp, status Running, ready 1\/1/);
    assert.match(await talk.type('show 3'), /^3\. checkout-api-7d4b9c6f5d-x2kqp/);
  });

  test('marks are told of each row that has one', async t => {
    const talk = await opened(t);
    await talk.type('2');
    await talk.type('images');
    assert.match(
      await talk.type('mark 1 2'),
      /2 marked\n1\. marked: ghcr\.io\/acme\/checkout.*\n2\. marked: /,
    );
    await talk.type('goto production');
    await talk.type('promotion');
    assert.match(await talk.type('from'), /\n8\. not possible: Secret\/database/);
    assert.match(await talk.type('mark 6'), /\n6\. marked: Deployment\/web spec\.replicas, 3 -> 2/);
  });

  test('a log is printed as it stands', async t => {
    const talk = await opened(t);
    await talk.type('2');
    assert.match(await talk.type('logs 3'), /\nm9vzt connection refused: database:5432 \(try 2\)\n/);
  });

  test('without glyphs a signature still says its verdict', async t => {
    const talk = await opened(t);
    await talk.type('2');
    await talk.type('revisions');
    assert.match(await talk.type('show 1'), /signature good/);
    assert.match(await talk.type('show 2'), /not signed/);
    assert.match(await talk.type('show 4'), /Failed: signed/);
  });

  test('what can not be done says why, what is not known says so', async t => {
    const talk = await opened(t);
    talk.printed();
    assert.equal(await talk.type('sync 1'), 'sync: development is in sync');
    assert.equal(
      await talk.type('frobnicate'),
      'There is no command frobnicate; help lists what can be done here.',
    );
    assert.equal(await talk.type('merge'), 'merge works in the pull requests.');
    assert.equal(await talk.type('9'), 'There is no row 9: 1 to 3.');
    assert.match(await talk.type('sync staging please'), /takes the number of a row.*nothing was done/);
    assert.match(await talk.type('re'), /^re is the beginning of: .*refresh/);
    assert.match(await talk.type('help sync'), /^sync: .*\nKey: s\nWorks: on the overview, /);
    assert.match(await talk.type('goto nowhere'), /^goto takes one of: overview, development/);
  });

  test('what takes its time lets the prompt through and tells how far it is; the answer comes when it is there', async t => {
    let answer = () => {};
    const slow: Partial<Session> = {
      inspect: name =>
        new Promise(resolve => {
          if (name === 'staging') answer = () => resolve(report(name));
        }),
    };
    const talk = await opened(t, slow, {waits: false});
    assert.ok(talk.talk.isHolding());
    while (!talk.store.state().loaded) await new Promise(resolve => setTimeout(resolve, 5));
    talk.pass(1000);
    assert.match(talk.printed(), /2\. staging: comparing/);
    assert.ok(!talk.talk.isHolding());
    await talk.type('2');
    talk.pass(1000);
    assert.match(talk.printed(), /^staging: comparing, /);
    talk.pass(5000);
    assert.equal(talk.printed(), '', 'the same is not told again');
    answer();
    assert.match(
      await talk.waitFor('Namespace'),
      /^staging: drift, 2 modified, 1 extra \(checked just now\)\n1\./,
    );
  });

  test('ctrl-c gives up waiting', async t => {
    const talk = await opened(t, {revisions: () => new Promise(() => {})}, {waits: false});
    while (talk.talk.isAtWork()) await new Promise(resolve => setTimeout(resolve, 5));
    await talk.type('2');
    await talk.type('revisions');
    talk.printed();
    assert.ok(talk.talk.interrupt());
    assert.equal(talk.printed(), 'No longer waited for; list prints what is there.');
    assert.ok(!talk.talk.interrupt());
  });
});

describe('a change, line by line', () => {
  test('prints exactly what will happen, and does it for the word in full', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session);
    await talk.type('2');
    assert.equal(
      await talk.type('sync'),
      `Sync staging
kind-staging, git 3f2a91c, 2 of 5 objects
change Deployment/payments/checkout-api, 2 fields
change Secret/platform/db-creds, 1 field
ConfigMap/payments/old-flags, skipped: prune is off
p: prune (1), off
w: wait for health, on
f: force, off
Dry run ok in 1.2s: 2 patch, 0 create, 0 delete`,
    );
    assert.equal(talk.talk.prompt(), 'gitops-tui: type apply in full; an empty line or no cancels> ');
    for (const word of ['a', 'app', 'yes', 'y', 'enter', 'tab', 'press', 'go', 'apply now'])
      assert.match(await talk.type(word), /Type apply in full/, word);
    assert.deepEqual(syncs, []);
    const after = await talk.type('apply');
    assert.match(after, /^Syncing staging; stop ends it/);
    assert.match(after, /\nSynced staging, 2\/2.*\n.*\n2 objects applied, all healthy\n/);
    assert.deepEqual(syncs, ['yes']);
  });

  test('an option is its key: what it changes is printed, and asked anew', async t => {
    const talk = await opened(t);
    await talk.type('2');
    await talk.type('sync');
    assert.equal(await talk.type('w'), 'w: wait for health, off');
    assert.match(await talk.type('prune'), /\np: prune \(1\), on\n/);
    assert.match(await talk.type('wait 2'), /takes no words: nothing was done/);
  });

  for (const no of ['', 'no', 'cancel', 'esc']) {
    test(`"${no}" cancels`, async t => {
      const {syncs, session} = recording();
      const talk = await opened(t, session);
      await talk.type('2');
      await talk.type('sync');
      assert.equal(await talk.type(no), 'Cancelled: nothing was changed.');
      assert.equal(talk.store.state().dialog, null);
      assert.deepEqual(syncs, []);
    });
  }

  test('a protected environment is confirmed by its name, letter by letter', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session);
    await talk.type('3');
    await talk.type('sync');
    assert.match(talk.talk.prompt(), /type production in full to apply; /);
    for (const word of ['apply', 'yes', 'prod', 'Production', 'production.'])
      assert.match(await talk.type(word), /Type production in full to apply/, word);
    assert.deepEqual(syncs, []);
    await talk.type('production');
    assert.deepEqual(syncs, [{typed: 'production'}]);
  });

  test('a pasted block confirms nothing, and says so', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session);
    await talk.type('2');
    const printed = await talk.paste('sync', 'apply', '', 'apply', 'y');
    assert.match(printed, /Dropped: "apply"\. A line that comes with the one before/);
    assert.equal(talk.store.state().dialog?.stage.at, 'plan', 'it is still open, and asks');
    assert.deepEqual(syncs, []);
    await talk.type('3');
    await talk.type('apply');
    assert.deepEqual(syncs, ['yes'], 'a line that was typed afterwards counts');
  });

  test('a pasted block does not get through where the question is printed in the middle of it', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session);
    await talk.type('3');
    await talk.type('sync');
    await talk.type('w');
    // The option was taken, and asked about anew: what follows within moments is of the same block.
    for (let tries = 0; tries < 3; tries += 1) {
      talk.pass(250);
      talk.talk.line('production', talk.now());
    }
    assert.match(talk.printed(), /Dropped: "production"/);
    assert.deepEqual(syncs, []);
  });

  test('a command that stands before an open question is no way around it', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session);
    await talk.type('2');
    await talk.type('sync');
    assert.match(await talk.type('goto production'), /is no answer here/);
    assert.match(await talk.type('2'), /is no answer here/);
    assert.equal(talk.store.state().dialog?.environment, 'staging');
    assert.deepEqual(syncs, []);
  });

  test('a plan that took the place of the approved one is printed and asked anew', async t => {
    const moved: Partial<Session> = {
      async sync(plan) {
        return {
          outcome: 'plan-changed',
          done: 0,
          failed: [],
          unhealthy: [],
          message: 'it moved',
          newPlan: plan,
        };
      },
    };
    const talk = await opened(t, moved);
    await talk.type('2');
    await talk.type('sync');
    assert.match(
      await talk.type('apply'),
      /The cluster moved since the plan: nothing was done, this is the new plan\./,
    );
    assert.equal(talk.talk.prompt(), 'gitops-tui: type apply in full; an empty line or no cancels> ');
  });

  test('a read-only session refuses, and what only looks works the same', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session, {readOnly: true});
    assert.match(talk.printed(), /This session is read-only: nothing can be changed\./);
    assert.match(await talk.type('2'), /^staging: drift/);
    assert.equal(await talk.type('sync'), 'sync: this session is read-only (--read-only)');
    assert.deepEqual(syncs, []);
  });

  test('a revert: its ways, its title, a pull request, and where it is', async t => {
    const {changes, session} = recording();
    const talk = await opened(t, session);
    await talk.type('2');
    await talk.type('revisions');
    const plan = await talk.type('revert 3');
    assert.match(plan, /^Revert staging to 9be01d4\n/);
    assert.match(plan, /\nm: restore environments\/staging as it was, one new commit, chosen\n/);
    assert.match(plan, /\nEffect: 1 changed \(Deployment\/web web 1\.4\.2 -> 1\.4\.1/);
    assert.match(talk.talk.prompt(), /type commit and push in full/);
    assert.match(await talk.type('P'), /open a pull request, chosen/);
    assert.match(await talk.type('T Back to three'), /Title: Back to three/);
    assert.match(
      await talk.type('push and open'),
      /Pull request #413 opened:\nhttps:\/\/git\.example\/acme\/infra-live\/pull\/413/,
    );
    assert.deepEqual(changes, ['pull-request']);
    assert.equal(talk.store.state().dialog, null, 'what is over is left');
  });

  test('a merge that may not be yet says why, and is not done for its name', async t => {
    const talk = await opened(t, withPullRequests());
    await talk.type('pull-requests');
    assert.match(await talk.type('merge 1'), /It can't be merged now: required checks have not ended/);
    assert.match(await talk.type('production'), /It can't be done like this: /);
    assert.equal(talk.store.state().dialog?.stage.at, 'preview');
  });

  test('a context is chosen by its number; writing it down is a question of its own', async t => {
    const base = fakeSession();
    const talk = await opened(t, {
      async load(signal) {
        const loaded = await base.load(signal);
        const environments = loaded.environments.map(each =>
          each.name === 'development' ? {...each, context: null} : each,
        );
        return {...loaded, environments};
      },
    });
    const choices = await talk.type('context 1');
    assert.match(
      choices,
      /On which kubeconfig context does development run\?\n1\. arn:aws.*\n2\. kind-development, /,
    );
    assert.match(await talk.type('7'), /There is no 7: 1 to 3\./);
    assert.match(await talk.type('2'), /development is compared with kind-development until you quit\./);
    assert.match(talk.talk.prompt(), /type write it in full/);
    await talk.type('');
    assert.equal(talk.store.state().dialog, null);
  });

  test('a secret value is printed once, with where it stays, and is not kept', async t => {
    const talk = await opened(t, {revealsSecrets: true});
    await talk.type('2');
    assert.match(await talk.type('reveal 8'), /Key password\ngit: git-value\nlive: live-value/);
    assert.equal(talk.store.state().dialog, null);
    assert.doesNotMatch(JSON.stringify(talk.store.state(), null, 1), /git-value/);
  });

  test('the end of the input is no consent', async t => {
    const {syncs, session} = recording();
    const talk = await opened(t, session);
    await talk.type('2');
    await talk.type('sync');
    talk.talk.end();
    assert.equal(talk.printed(), 'The input ended: nothing was confirmed.');
    assert.equal(talk.store.state().dialog, null);
    assert.deepEqual(syncs, []);
  });
});

/** Ways to every screen. */
const ways: readonly (readonly string[])[] = [
  ['goto overview'],
  ['goto staging'],
  ['goto staging', '4'],
  ['goto staging', 'revisions'],
  ['goto staging', 'images'],
  ['goto staging', 'pull-requests'],
  ['goto staging', 'versions'],
  ['goto production', 'promotion', 'from'],
  ['goto staging', 'events 3'],
  ['goto staging', 'logs 3'],
  ['goto staging', 'field 4'],
];

test('every command of every screen, asked for by its word, does something or says why not; none changes anything', async t => {
  const {syncs, changes, session} = recording();
  const talk = await opened(t, {...withPullRequests(), ...session});
  for (const way of ways) {
    const go = async () => {
      while (talk.store.state().dialog !== null) await talk.type('no');
      for (const step of way) await talk.type(step);
    };
    await go();
    const here = commandsHere(talk.store.state()).filter(({id}) => id !== 'exit' && id !== 'quit');
    for (const {id, places} of here) {
      if (!places.includes(placeOf(talk.store.state()))) await go();
      talk.printed();
      const printed = await talk.type(id);
      const isTold = printed !== '' || talk.outside.length > 0 || talk.store.state().dialog !== null;
      assert.ok(isTold || id === 'palette', `${way.join(', ')}: ${id} says nothing`);
      assert.ok(!printed.includes('\u001B'));
      talk.outside.length = 0;
      assert.equal(talk.store.state().overlay, null, `${id} leaves nothing in front`);
      await go();
    }
  }
  assert.deepEqual(syncs, []);
  assert.deepEqual(changes, []);
});
