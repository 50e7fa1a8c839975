import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {Session} from '../../source/app/session.ts';
import type {EarlierLogs, FieldQuestion, LogNews, LogQuery, LookTarget} from '../../source/looks/types.ts';
import {fakeLooks, logLines, pods, sources} from './fake-looks.ts';
import {fakeSession} from './fake-session.ts';
import {openScreen, type TestScreen} from './screen.tsx';

/** A session whose logs the test writes, and what it was asked. */
function writing() {
  const asked: {query: LogQuery; signal: AbortSignal; tell: (news: LogNews) => void}[] = [];
  const session: Partial<Session> = {
    followLogs(_name, query, signal, tell) {
      asked.push({query, signal, tell});
      tell({type: 'sources', pods, sources, problems: [], isRead: true});
      return new Promise<never>(() => {});
    },
  };
  const last = () => asked.at(-1) ?? assert.fail('nothing was asked');
  return {
    asked,
    session,
    last,
    write: (from: number, count: number) =>
      last().tell({type: 'lines', lines: logLines(from + count).slice(from), dropped: 0}),
  };
}

async function open(t: TestContext, more: Partial<Session>, ...keys: string[]): Promise<TestScreen> {
  const screen = await openScreen(fakeSession(more));
  t.after(() => screen.close());
  await screen.press('2', 'n', ...keys);
  return screen;
}

test('logs follow the end until somebody scrolls up; G and f go on', async t => {
  const logs = writing();
  const screen = await open(t, logs.session, 'h', 't');
  logs.write(0, 40);
  await screen.waitFor('orders/39');
  await screen.press('k');
  assert.match(screen.frame(), /stopped/);
  logs.write(40, 20);
  await screen.waitFor('60 lines');
  assert.doesNotMatch(screen.frame(), /orders\/58/);
  await screen.press('G');
  assert.match(screen.frame(), /orders\/58/);
  assert.match(screen.frame(), /following/);
  await screen.press('f');
  logs.write(60, 3);
  await screen.waitFor('63 lines');
  assert.doesNotMatch(screen.frame(), /orders\/61/);
  await screen.press('f');
  assert.match(screen.frame(), /orders\/61/);
});

test('what is searched for is found above and below, and its keys are text while it is typed', async t => {
  const logs = writing();
  const screen = await open(t, logs.session, 'h', 't');
  logs.write(0, 60);
  await screen.waitFor('orders/58');
  await screen.press('/', ...'orders/3', 'enter');
  // From the end backwards: the last of 30 to 39 that is an order.
  assert.match(screen.frame(), /orders\/39/);
  await screen.press('N');
  assert.match(screen.frame(), /orders\/37/);
  await screen.press('N', 'N', 'N', 'N', 'N', 'N', 'N', 'N');
  assert.match(screen.frame(), /no "orders\/3" above/);
  assert.match(screen.frame(), /\/orders\/3 {2}60 lines/);
  await screen.press('esc');
  assert.doesNotMatch(screen.frame(), /\/orders\/3 {2}60 lines/);
  // It is the search that was left, not the screen.
  assert.match(screen.frame(), /Logs Deployment/);
});

test('p asks for what was said before the last start, and what was asked before is taken back', async t => {
  const logs = writing();
  const screen = await open(t, logs.session, 'h', 't');
  await screen.press('p');
  assert.deepEqual(
    logs.asked.map(({query, signal}) => [query.previous, signal.aborted]),
    [
      [false, true],
      [true, false],
    ],
  );
  // A line of the former question comes too late.
  logs.asked[0]?.tell({type: 'lines', lines: logLines(1), dropped: 0});
  logs.write(3, 3);
  await screen.waitFor('3 lines');
  assert.doesNotMatch(screen.frame(), /orders\/0/);
  assert.match(screen.frame(), /before the last start/);
});

test('tab looks at one pod after the other, b begins further back', async t => {
  const logs = writing();
  const screen = await open(t, logs.session, 'h', 't');
  logs.write(0, 6);
  await screen.waitFor('orders/4');
  await screen.press('tab');
  assert.match(screen.frame(), /Logs checkout-api-7d4b9c6f5d-x2kqp/);
  assert.doesNotMatch(screen.frame(), /connection refused/);
  // The border counts what is shown.
  assert.match(screen.frame(), / 4 lines/);
  await screen.press('tab');
  assert.match(screen.frame(), /connection refused/);
  assert.doesNotMatch(screen.frame(), /orders\/4/);
  await screen.press('b');
  assert.deepEqual(
    logs.asked.map(({query}) => query.from),
    [{lines: 500}, {seconds: 300}],
  );
});

test('at the top earlier lines are asked for: those before the first of each container', async t => {
  const asked: EarlierLogs[] = [];
  const logs = writing();
  const screen = await open(
    t,
    {
      ...logs.session,
      async earlierLogs(_name, question) {
        asked.push(question);
        const lines = asked.length === 1 ? logLines(2, {time: '2026-08-07T11:40:00.000000000Z'}) : [];
        return {lines, isAll: asked.length > 1};
      },
    },
    'h',
    't',
  );
  logs.write(3, 3);
  await screen.waitFor('3 lines');
  await screen.press('k');
  await screen.waitFor('5 lines');
  assert.deepEqual(
    asked[0]?.sources.map(({pod, before, have}) => [pod.slice(-5), before.slice(17, 19), have]),
    [
      ['x2kqp', '03', 2],
      ['m9vzt', '05', 1],
    ],
  );
  await screen.press('g', 'k');
  await screen.waitFor('no earlier lines');
});

test('leaving the logs ends what is read', async t => {
  const logs = writing();
  const screen = await open(t, logs.session, 'h', 't');
  assert.equal(logs.last().signal.aborted, false);
  await screen.press('q');
  assert.equal(logs.last().signal.aborted, true);
});

test('events are of the chosen resource, of the namespace, and on the overview of the environment', async t => {
  const targets: LookTarget[] = [];
  const session: Partial<Session> = {
    async followEvents(_name, target) {
      targets.push(target);
    },
  };
  const screen = await open(t, session, 'E', 'q', 'g', 'E', 'q', 'esc', 'E');
  const words = targets.map(target =>
    target.of === 'resource' ? `${target.id.kind}/${target.id.name}` : target.namespaces.join(' '),
  );
  assert.deepEqual(words.slice(0, 2), ['Deployment/checkout-api', 'payments']);
  assert.match(words[2] ?? '', /payments/);
  assert.match(screen.frame(), /Events payments/);
});

test('from a pod of the events its logs alone', async t => {
  const logs = writing();
  const screen = await open(t, {...fakeLooks, ...logs.session}, 'h', 'E');
  await screen.waitFor('BackOff');
  await screen.press('g', 'j', 'j', 'j', 't');
  logs.write(0, 6);
  await screen.waitFor('Logs checkout-api-7d4b9c6f5d-m9vzt');
  assert.doesNotMatch(screen.frame(), /orders/);
});

test('a field leads to the revisions from the commit on that changed it', async t => {
  const questions: FieldQuestion[] = [];
  const tips: (string | undefined)[] = [];
  const session: Partial<Session> = {
    async fieldDetail(name, question, signal, onNews) {
      questions.push(question);
      await fakeLooks.fieldDetail(name, question, signal, onNews);
    },
    async revisions(name, range, signal) {
      tips.push(range.tip);
      return fakeSession().revisions(name, range, signal);
    },
  };
  const screen = await open(t, session, 'f');
  await screen.waitFor('all that there are');
  await screen.press('enter');
  assert.match(screen.frame(), /choose a commit first/);
  await screen.press('G', 'k', 'enter');
  await screen.waitFor('Revisions');
  assert.equal(questions[0]?.id.name, 'checkout-api');
  assert.equal(tips[0], '9be01d4000000000000000000000000000000000');
});

test('what has no pods has no logs, and says so', async t => {
  const screen = await open(t, {}, 'n', 'n', 'n', 't');
  assert.match(screen.frame(), /t: a (ConfigMap|Secret) has no pods/);
});
