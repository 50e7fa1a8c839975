import {readFileSync} from 'node:fs';

/** True where a process of this number runs on this machine, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/**
 * When a process started, in the kernel's own count: two processes of one number differ in it. '0' where the system doesn't
 * tell (only Linux does, proc_pid_stat(5)) or there is none.
 */
export function startOf(pid: number): string {
  try {
    // The name, in parentheses, may hold spaces; the start is the 22nd field, the first behind the name is the 3rd.
    const [, rest = ''] =
      /\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, ')')) ?? [];
    const start = rest.split(' ')[19] ?? '';
    return /^\d+$/.test(start) ? start : '0';
  } catch {
    return '0';
  }
}
