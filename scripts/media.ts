// Makes the pictures of README: the real program on the demo, in a headless terminal. `npm run media`, after a build.
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {openTerminal} from '../test/app/terminal.ts';
import {frameToSvg} from './frame-svg.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

await using terminal = openTerminal({
  command: process.execPath,
  args: [path.join(root, 'bin/gitops-tui'), 'demo'],
  columns: 120,
  rows: 30,
  env: {CI: undefined, NO_COLOR: undefined, FORCE_COLOR: '3'},
});

async function picture(name: string): Promise<void> {
  await terminal.calm();
  await writeFile(
    path.join(root, 'media', `${name}.svg`),
    frameToSvg(terminal.emulator, {title: 'gitops-tui'}),
  );
  console.log(`media/${name}.svg`);
}

await terminal.waitFor(/production +production +~ drift/);
await picture('overview');
await terminal.press('j', 'j', 'enter');
await terminal.waitFor('spec.replicas');
await terminal.press('/', ...'log-level', 'enter', 'n');
await terminal.waitFor('Last commit');
await terminal.press('esc');
await picture('drift');
await terminal.press('L');
await terminal.waitFor('● live');
await terminal.press('j');
await terminal.waitFor('Deployed');
await picture('revisions');
await terminal.press('q', 'p');
await terminal.waitFor('StatefulSet/redis');
await picture('promotion');
await terminal.press('q', 's');
await terminal.waitFor('Dry run ok');
await picture('sync');
await terminal.press('ctrl-c');
await terminal.ended();
