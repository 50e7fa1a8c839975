// Bundles the program into dist/: one entry, split where the source imports lazily, every dependency inside.
import {readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import * as esbuild from 'esbuild';
import {bundling} from './bundling.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

await rm(path.join(root, 'dist'), {recursive: true, force: true});
await esbuild.build({
  ...bundling(version),
  absWorkingDir: root,
  entryPoints: {cli: 'source/cli.ts'},
  outdir: 'dist',
  legalComments: 'linked',
});
