/**
 * One process that inspects every environment again and again, as the app does: run by bench.ts, bundled, with probe.cjs.
 * Prints a JSON line with what each inspection took.
 */
import {execFileSync} from 'node:child_process';
import process from 'node:process';
import {openWorkspace} from '../source/workspace.ts';

const [repository = '.', kubeconfig = '', namespace = ''] = process.argv.slice(2);
const counts = (globalThis as {benchRequests?: Record<string, number>}).benchRequests ?? {};
const {signal} = new AbortController();
const session = openWorkspace({repository, kubeconfig, worktree: false, readOnly: true});
const {environments} = await session.load(signal);

async function inspectAll(what: string) {
  for (const verb of Object.keys(counts)) delete counts[verb];
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

const first = await inspectAll('first');
const again = await inspectAll('again');
const patch = '{"data":{"level":"debug"}}';
execFileSync('kubectl', [
  ...['--kubeconfig', kubeconfig, '-n', namespace, 'patch', 'configmap', 'item-2', '-p', patch],
]);
const changed = await inspectAll('one change');
const still = await inspectAll('again, with the drift');
console.log(JSON.stringify([first, again, changed, still]));
session.close();
