// Outlives its parent for a moment, to end what the parent left behind: even SIGKILL closes the pipe that is read here.
// Lines: "+PID" keep an eye on it, "-PID" it is gone, "keep" leave the folder for someone to look at.
import {rmSync} from 'node:fs';
import {createInterface} from 'node:readline';

const folder = process.argv[2];
const pids = new Set();
let keep = false;

// The terminal's Ctrl-C is for the parent; this process ends when the pipe does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({input: process.stdin})) {
  if (line === 'keep') keep = true;
  else if (line.startsWith('+')) pids.add(Number(line.slice(1)));
  else if (line.startsWith('-')) pids.delete(Number(line.slice(1)));
}

for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}
if (folder && !keep) rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
