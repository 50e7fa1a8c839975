// Installs and builds what a fresh clone lacks, and nothing on a later start.
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const npm = (...args) => {
  // npm tells its scripts where it lies; without a shell, `npm.cmd` could not be started by name.
  const cli = process.env.npm_execpath;
  if (cli === undefined) throw new Error('start this with npm start');
  execFileSync(process.execPath, [cli, ...args], {cwd: root, stdio: 'inherit'});
};
if (!existsSync(path.join(root, 'node_modules'))) npm('run', '--silent', 'setup');
if (!existsSync(path.join(root, 'dist/cli.js'))) npm('run', '--silent', 'build');
