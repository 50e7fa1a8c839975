import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {Box, renderToString, Text} from 'ink';
import {createElement} from 'react';
import {bundling} from '../../scripts/bundling.js';

test('an Ink that remembers rows draws what Ink draws, frame after frame', async t => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gitops-tui-ink-'));
  t.after(() => rm(folder, {recursive: true}));
  await build({
    ...bundling('0'),
    stdin: {
      contents: `export {Box, Text, renderToString} from 'ink'; export {createElement} from 'react';`,
      resolveDir: path.dirname(fileURLToPath(import.meta.url)),
    },
    outfile: path.join(folder, 'ink.mjs'),
    splitting: false,
  });
  const remembering = await import(pathToFileURL(path.join(folder, 'ink.mjs')).href);
  const rows = [
    'plain',
    '\u001B[1mbold\u001B[22m and \u001B[31mred\u001B[39m, and more than there is room for',
    '漢字 and e\u0301 and 👩‍👩‍👧',
    '\u001B[2Jno erasing\u0007',
  ];
  const frame = (
    ink: {Box: typeof Box; Text: typeof Text; createElement: typeof createElement},
    at: number,
  ) =>
    ink.createElement(
      ink.Box,
      {width: 30, flexDirection: 'column'},
      ...[...rows.slice(at), ...rows.slice(0, at)].map(row =>
        ink.createElement(ink.Text, {wrap: 'truncate', key: row}, row),
      ),
      ink.createElement(
        ink.Box,
        {position: 'absolute', marginLeft: at, marginTop: 1},
        ink.createElement(ink.Text, null, '\u001B[32mover\u001B[39m'),
      ),
    );
  for (let round = 0; round < 2; round += 1) {
    for (const at of rows.keys()) {
      assert.equal(
        remembering.renderToString(frame(remembering, at)),
        renderToString(frame({Box, Text, createElement}, at)),
      );
    }
  }
});
