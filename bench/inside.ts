/**
 * One process that inspects every environment again and again and then follows all of them, as the app does: run by
 * bench.ts, bundled, with probe.cjs. Prints a JSON line with what each step took.
 */
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect} from '../source/cluster/connect.ts';
import {openWorkspace} from '../source/workspace.ts';

const [repository = '.', kubeconfig = '', namespace = ''] = process.argv.slice(2);
const counts = (globalThis as {benchRequests?: Record<string, number>}).benchRequests ?? {};
const {signal} = new AbortController();
const session = openWorkspace({repository, kubeconfig, worktree: false, readOnly: true});
const {environments} = await session.load(signal);
const hand = await connect({kubeconfig});
const configMaps = (await hand.kinds()).find('', 'v1', 'ConfigMap');
if (configMaps === undefined) throw new Error('the cluster serves no ConfigMap');

/** Changes one ConfigMap as somebody would by hand. */
async function change(level: string): Promise<void> {
  if (configMaps !== undefined) await hand.mergePatch(configMaps, namespace, 'item-2', {data: {level}});
}

function forget(): void {
  for (const verb of Object.keys(counts)) delete counts[verb];
}

async function inspectAll(what: string) {
  forget();
  const start = performance.now();
  const reports = await Promise.all(environments.map(({name}) => session.inspect(name, signal, () => {})));
  const milliseconds = performance.now() - start;
  const summary: Record<string, number> = {};
  for (const report of reports) {
    for (const [status, count] of Object.entries(report.summary)) {
      summary[status] = (summary[status] ?? 0) + count;
    }
  }
  return {what, milliseconds, requests: {...counts}, summary};
}

/** Follows all environments: what it takes to begin, and (in the median of many) from a change to its report. */
async function follow(changes: number) {
  forget();
  const controller = new AbortController();
  const told = new Map<string, number>();
  let reports = 0;
  const begun = performance.now();
  const follows = environments.map(({name}) =>
    session.follow(name, controller.signal, event => {
      if (event.type === 'lost') throw new Error(event.problem.message);
      reports++;
      told.set(name, event.report.summary.modified);
    }),
  );
  while (told.size < environments.length) await sleep(1);
  const start = {what: 'begins to follow', milliseconds: performance.now() - begun, summary: {}};
  // Watches begin a moment after the first reports.
  while ((counts['watch'] ?? 0) === 0) await sleep(1);
  await sleep(500);
  const begin = {...start, requests: {...counts}};
  const times: number[] = [];
  forget();
  for (let round = 0; round < changes; round++) {
    const before = reports;
    const sent = performance.now();
    // It goes on with what the last inspection left: back, and forth again.
    await change(round % 2 === 0 ? 'info' : 'debug');
    while (reports === before) await sleep(1);
    times.push(performance.now() - sent);
  }
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(changes / 2)] ?? Number.NaN;
  const {PATCH: _ours, ...requests} = counts;
  controller.abort();
  await Promise.all(follows);
  return [
    begin,
    {what: `follows: from a change to its report (${changes} changes)`, milliseconds, requests, summary: {}},
  ];
}

const first = await inspectAll('first');
const again = await inspectAll('again');
await change('debug');
const changed = await inspectAll('one change');
const still = await inspectAll('again, with the drift');
for (let more = 0; more < 4; more++) await inspectAll('again');
const followed = await follow(100);
console.log(JSON.stringify([first, again, changed, still, ...followed]));
session.close();
hand.close();
