// Shows the frames of a JSON file on its terminal, the next one on each key: what multiplexers.test.ts runs in them.
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {openOutput} from '../../../source/terminal/output/output.ts';

const frames = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as string[];
const output = openOutput(process.stdout);
process.stdin.setRawMode(true);
output.enter();
output.stream.write(frames.shift() ?? '');
process.stdin.on('data', async keys => {
  for (const key of keys.toString()) {
    const next = key === 'n' ? frames.shift() : undefined;
    if (next !== undefined) output.stream.write(next);
    if (key !== 'q') continue;
    await output.leave();
    process.exit(0);
  }
});
