// What the operator sees while things run, go wrong, or are not there yet.
import {died, inWaves} from './fake-sync.ts';
import {goldenTests, type Scene} from './golden.tsx';

const apply = ['2', 's', 400, 'tab', 'enter'] as const;
const large = {columns: 120, rows: 35} as const;

const scenes: readonly Scene[] = [
  {name: 'sync-waves', session: inWaves, keys: apply, until: 'Waiting for health'},
  {name: 'sync-waves-120', session: inWaves, keys: apply, until: 'Waiting for health', ...large},
  {name: 'sync-behind', session: inWaves, keys: [...apply, 'q'], until: 'syncing staging 18/20'},
  {name: 'sync-died', session: died, keys: apply, until: 'Not all synced'},
  {name: 'sync-died-120', session: died, keys: apply, until: 'Not all synced', ...large},
];

goldenTests(scenes);
