// Makes the pictures of README and its recording: the real program on the demo, in a headless terminal. `npm run media`,
// after a build. test/media.test.ts makes them again and compares.

import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {drawMedia} from './draw-media.ts';

const media = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'media');

for (const [name, svg] of await drawMedia()) {
  await writeFile(path.join(media, name), svg);
  process.stdout.write(`media/${name}\n`);
}
