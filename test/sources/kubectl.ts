import {spawnSync} from 'node:child_process';
import {type Json, type JsonObject, parseJson} from '../../source/resources/json.ts';

/** True where a kubectl is on PATH; says so loudly where none is, and stops a run in CI. */
export function hasKubectl(): boolean {
  const found = spawnSync('kubectl', ['version', '--client'], {encoding: 'utf8'}).status === 0;
  if (!found) {
    const message = 'kubectl is not on PATH: our reading is not compared with the real one';
    if (process.env['CI']) throw new Error(message);
    console.error(`\n*** ${message} ***\n`);
  }
  return found;
}

/**
 * The objects that kubectl reads from a file's text, without a server (`kubectl label --local`), and its complaint
 * where it has one. The label that the command adds is taken away again.
 */
export function kubectlReads(text: string | Uint8Array): {objects: Json[]; error: string} {
  const args = ['label', '--local', '--dry-run=client', '-o', 'json', '-f', '-', 'read-by=kubectl'];
  const result = spawnSync('kubectl', args, {input: text, encoding: 'utf8'});
  const objects: Json[] = [];
  // Documents are printed one after another, each closing with a brace of its own line.
  for (const chunk of result.stdout.split(/(?<=^\}\n)/m)) {
    if (chunk.trim() === '') continue;
    const object = parseJson(chunk) as JsonObject;
    const metadata = object['metadata'] as JsonObject;
    const {'read-by': _, ...labels} = metadata['labels'] as JsonObject;
    if (Object.keys(labels).length > 0) metadata['labels'] = labels;
    else delete metadata['labels'];
    objects.push(object);
  }
  return {objects, error: result.status === 0 ? '' : result.stderr.trim()};
}
