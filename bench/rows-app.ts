/** The app on a made-up session with very many rows: what `rows.ts` runs in a terminal of its own. */
import process from 'node:process';
import type {Revision, Session} from '../source/app/session.ts';
import {startApp} from '../source/app/start.tsx';
import type {ResourceDrift} from '../source/drift/types.ts';
import {environment, report, resource, resources, revision} from '../test/app/fake-data.ts';
import {fakeSession} from '../test/app/fake-session.ts';

const [changed] = resources();
const kinds = ['Deployment', 'Service', 'ConfigMap', 'Secret', 'CronJob'];

/** Every tenth resource drifted, in two fields. */
function manyResources(count: number): ResourceDrift[] {
  return Array.from({length: count}, (_, index) => {
    const kind = kinds[index % kinds.length] ?? 'Service';
    const name = `${kind.toLowerCase()}-of-team-${index.toString().padStart(5, '0')}`;
    const drift = index % 10 === 0 ? {status: 'Modified' as const, fields: changed?.fields ?? []} : {};
    return resource(kind, `team-${index % 50}`, name, drift);
  });
}

function manyRevisions(count: number): Revision[] {
  return Array.from({length: count}, (_, index) =>
    revision(index.toString(16).padStart(40, '0'), {
      subject: `Change number ${index} of many in this repository`,
      author: `Author ${index % 37}`,
    }),
  );
}

const revisions = manyRevisions(20_000);
const all = manyResources(10_000);
const names = Array.from({length: 500}, (_, index) => `cluster-${index.toString().padStart(3, '0')}`);

const session: Session = fakeSession({
  async load() {
    const {repository, ...rest} = await fakeSession().load(new AbortController().signal);
    return {...rest, repository, environments: names.map(name => environment(name))};
  },
  async inspect(name, _signal, onEvent) {
    if (name !== names[0]) return report(name);
    // As a cluster tells it: verdict by verdict, the whole at the end.
    for (const [index, one] of all.entries()) {
      onEvent({type: 'resource', resource: one});
      if (index % 100 === 0) await new Promise(resolve => setTimeout(resolve, 5));
    }
    return report(name, {
      resources: all,
      summary: {synced: 9000, modified: 1000, missing: 0, extra: 0, unknown: 0},
    });
  },
  async revisions(_name, {skip, limit}) {
    const page = revisions.slice(skip, skip + Math.max(limit, 5000));
    return {tip: '0'.repeat(40), revisions: page, more: skip + page.length < revisions.length, missing: null};
  },
});

const {stdin, stdout} = process;
process.exit(await startApp(session, {stdin, stdout, ascii: false, color: 'true', readOnly: false}));
