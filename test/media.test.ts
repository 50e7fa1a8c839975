import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {drawMedia} from '../scripts/draw-media.ts';

/** A picture without what is of the moment it was made: commits, dates, folders, how long something took. */
function withoutMoment(svg: string): string {
  return svg
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replace(/\b[0-9a-f]{7,40}\b/g, 'COMMIT')
    .replace(/\d{4}-\d\d-\d\d(?: \d\d:\d\d|T\d\d:\d\d:\d\dZ)?/g, 'DATE')
    .replace(/gitops-tui-demo-\w{6}/g, 'gitops-tui-demo')
    .replace(/ok in \d\.\ds/g, 'ok in SECONDS');
}

test("README's pictures are of this version: `npm run media` draws them anew", async () => {
  for (const [name, svg] of await drawMedia()) {
    const kept = await readFile(new URL(`../media/${name}`, import.meta.url), 'utf8').catch(() => '');
    assert.deepEqual(withoutMoment(svg).split('\n'), withoutMoment(kept).split('\n'), `media/${name}`);
  }
});
