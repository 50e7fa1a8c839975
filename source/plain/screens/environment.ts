import {detailLines} from '../../app/screens/detail-lines.ts';
import {emptyTreeLines, troubleLine} from '../../app/screens/environment-words.ts';
import {chosenRow, rowsOf} from '../../app/state/screens/environment-screen.ts';
import type {TreeRow} from '../../app/state/screens/tree.ts';
import {type AppState, type EnvironmentScreen, environmentNamed} from '../../app/state/state.ts';
import {ago} from '../../app/text/age.ts';
import {count, shortValue} from '../../app/text/value.ts';
import type {FieldChange, ResourceDrift} from '../../drift/types.ts';
import {plainLook} from '../look.ts';
import {endless, sentence} from '../words.ts';
import {environmentLine} from './overview.ts';
import type {ShownText} from './shown.ts';

/** What drifted in an environment, in words: a line a namespace, an object, a field. */
export function environmentText(state: AppState, screen: EnvironmentScreen): ShownText {
  const known = environmentNamed(state, screen.environment);
  const rows = rowsOf(state, screen);
  const row = chosenRow(state, screen);
  const trouble = known === undefined ? null : troubleLine(state, known, state.now, plainLook);
  const empty = emptyTreeLines(known, state, screen, {
    look: plainLook,
    frame: 0,
    now: state.now,
  });
  return {
    head: [
      ...(known === undefined ? [] : [environmentLine(known, state.now)]),
      ...(screen.filter === '' ? [] : [`Filter: ${screen.filter}`]),
      ...(screen.driftOnly ? [] : ['Everything is listed, not only what drifted.']),
      ...(screen.marked.size === 0 ? [] : [`${screen.marked.size} marked`]),
    ],
    rows: rows.map(item => ({key: item.key, text: rowText(item, screen, state.now)})),
    foot: [
      ...(rows.length === 0 ? empty.map(spans => sentence(spans).trim()) : []),
      ...(trouble === null ? [] : [sentence(trouble).trim()]),
    ],
    detail:
      row === undefined
        ? []
        : [
            rowText(row, screen, state.now),
            ...detailLines({row, rows: endless, columns: endless, look: plainLook, now: state.now})
              .map(sentence)
              .filter(text => text !== ''),
          ],
  };
}

function rowText(row: TreeRow, screen: EnvironmentScreen, now: number): string {
  const marked = row.kind !== 'namespace' && screen.marked.has(row.id) ? ', marked' : '';
  switch (row.kind) {
    case 'namespace': {
      const {modified, missing, extra, unknown} = row.counts;
      const counts = Object.entries({modified, missing, extra, unknown})
        .filter(([, number]) => number > 0)
        .map(([word, number]) => `${number} ${word}`);
      const name = row.namespace === '' ? 'Of the cluster' : `Namespace ${row.namespace}`;
      return `${[name, ...counts].join(', ')}${row.folded ? ', folded' : ''}`;
    }
    case 'resource':
      return `  ${row.resource.id.kind}/${row.resource.id.name}: ${resourceWords(row.resource)}${marked}`;
    case 'field':
      return `    ${row.field.path}: ${fieldWords(row.field, now)}${marked}`;
  }
}

function resourceWords(resource: ResourceDrift): string {
  const {status, health, error, notes, fields, verdict} = resource;
  const words = {
    Synced: 'in sync',
    Modified: `modified, ${count(fields.length, 'field')}`,
    Missing: 'missing: in git, not in the cluster; sync creates it',
    Extra: 'extra: in the cluster, not in git; prune would delete it',
    Unknown: `unknown: ${error ?? notes[0] ?? 'no verdict'}`,
  }[status];
  const isTold = health === 'Healthy' || health === 'Unknown' || status === 'Missing';
  return [
    words,
    ...(verdict === 'local' && (status === 'Synced' || status === 'Modified') ? ['compared here only'] : []),
    ...(isTold ? [] : [health.toLowerCase()]),
    ...(error !== null && status !== 'Unknown' ? [error] : []),
  ].join(', ');
}

/** Both values in full, and who changed it. */
function fieldWords({change, desired, live, manager, changedAt}: FieldChange, now: number): string {
  const values = {
    added: `not in git, live ${shortValue(live)}`,
    removed: `git ${shortValue(desired)}, not live`,
    changed: `git ${shortValue(desired)}, live ${shortValue(live)}`,
  }[change];
  const when = changedAt === undefined ? '' : ` ${ago(changedAt, now)}`;
  return manager === undefined ? values : `${values}, by ${manager}${when}`;
}
