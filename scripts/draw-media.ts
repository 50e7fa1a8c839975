import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {openTerminal} from '../test/app/terminal.ts';
import {frameCells, frameToSvg, type Moment, recordingToSvg} from './frame-svg.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const style = {title: 'gitops-tui'};

/** Walks through the demo and gives the pictures and the recording: file names of media/ and their SVG documents. */
export async function drawMedia(): Promise<ReadonlyMap<string, string>> {
  await using terminal = openTerminal({
    command: process.execPath,
    args: [path.join(root, 'bin/gitops-tui'), 'demo'],
    columns: 120,
    rows: 30,
    env: {
      CI: undefined,
      NO_COLOR: undefined,
      FORCE_COLOR: '3',
      SSH_CONNECTION: undefined,
      SSH_TTY: undefined,
    },
  });
  const drawn = new Map<string, string>();
  const moments: Moment[] = [];
  /** Waits for a text and for the screen to stand still; it is a moment of the recording, with a name a picture too. */
  const shows = async (expected: string | RegExp, {ms = 1500, picture = ''} = {}) => {
    await terminal.waitFor(expected);
    await terminal.calm();
    if (ms > 0) moments.push({cells: frameCells(terminal.emulator, style), ms});
    if (picture !== '') drawn.set(`${picture}.svg`, frameToSvg(terminal.emulator, style));
  };

  // What comes last is what is waited for: a picture of what was still to come would be another one the next time.
  await shows(/development .* ci@ops[\s\S]*staging .* ci@ops[\s\S]*production .*~ drift.* jane@ops/, {
    ms: 2500,
    picture: 'overview',
  });
  await terminal.press('j', 'j');
  await shows(/> production/, {ms: 800});
  await terminal.press('enter');
  await shows('not in git', {ms: 0});
  await terminal.press('n', 'n');
  await shows(/Last commit .*Jane Doe/, {ms: 2500, picture: 'drift'});
  await terminal.press('L');
  await shows(
    /none +\d+ +29d by jane[\s\S]*Effect|none +\d+ +29d by jane[\s\S]*Changed|none +\d+ +29d by jane[\s\S]*Images/,
  );
  await terminal.press('j');
  await shows(/Deployed +1d ago[\s\S]*Images/, {ms: 2500, picture: 'revisions'});
  await terminal.press('R');
  await shows(/Effect +\d[\s\S]*Cluster +\d/, {ms: 2500, picture: 'revert'});
  await terminal.press('esc', 'q', 'p');
  await shows('StatefulSet/redis', {ms: 0, picture: 'promotion'});
  await terminal.press('q', ':', ...'syn');
  await shows(': syn', {ms: 1500});
  await terminal.press('enter');
  await shows('Dry run ok', {ms: 3000, picture: 'sync'});
  await terminal.press('ctrl-c');
  await terminal.ended();
  drawn.set('recording.svg', recordingToSvg(terminal.emulator, moments, style));
  return drawn;
}
