// Runs many command lines in one process, one after the other: a process each would take a minute.
// node --import tsx drive-commands.ts '[["diff", "-o", "json"], …]'
import {parseJson} from '../../source/resources/json.ts';

const cli = new URL('../../source/cli.ts', import.meta.url).href;
const given = parseJson(process.argv[2] ?? '[]');
const node = process.argv[0] ?? '';
// Each command listens for signals of its own.
process.setMaxListeners(0);
for (const [index, words] of (Array.isArray(given) ? given : []).entries()) {
  const args = (Array.isArray(words) ? words : []).map(String);
  process.exitCode = 0;
  process.stdout.write(`\n$ ${index} ${args.slice(0, 4).join(' ')}\n`);
  process.argv = [node, cli, ...args];
  await import(`${cli}?run=${index}`);
  process.stdout.write(`\n= ${index} ${process.exitCode}\n`);
}
process.exit(0);
