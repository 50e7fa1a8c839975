import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import process from 'node:process';

/** A process from its start to its end. */
export interface Run {
  milliseconds: number;
  status: number | null;
  stdout: string;
  stderr: string;
  /** The most memory that it held, in MB; undefined where nobody asked or the system doesn't tell. */
  peakMb: number | undefined;
}

/** Runs a program and times it, from the shell's point of view. `watchMemory` reads its peak memory (on Linux). */
export function timed(
  file: string,
  args: readonly string[],
  options: {cwd: string; env?: Record<string, string>; watchMemory?: boolean},
): Promise<Run> {
  const {cwd, env = {}, watchMemory = false} = options;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(file, args, {cwd, env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
    let stdout = '';
    let stderr = '';
    let peakMb: number | undefined;
    const look = () => {
      peakMb = Math.max(peakMb ?? 0, peakOf(child.pid) ?? 0) || undefined;
    };
    const timer = watchMemory ? setInterval(look, 10) : undefined;
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
    child.on('error', reject);
    child.on('close', status => {
      clearInterval(timer);
      resolve({milliseconds: performance.now() - start, status, stdout, stderr, peakMb});
    });
  });
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
