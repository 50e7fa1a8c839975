const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How long ago something was, at the coarsest unit that says enough: `now`, `5m`, `3h`, `2d`, `6w`, `3y`. Never seconds:
 * an idle screen must not change. `now` for times to come (clocks differ); '' where the time can't be read.
 */
export function ageOf(time: string | number, now: number): string {
  const then = typeof time === 'number' ? time : Date.parse(time);
  if (Number.isNaN(then)) return '';
  const age = now - then;
  if (age < minute) return 'now';
  if (age < hour) return `${Math.floor(age / minute)}m`;
  if (age < day) return `${Math.floor(age / hour)}h`;
  if (age < 60 * day) return `${Math.floor(age / day)}d`;
  if (age < 730 * day) return `${Math.floor(age / (7 * day))}w`;
  return `${Math.floor(age / (365 * day))}y`;
}

/** A short time in whole seconds, as one counts while one waits: `4s`, `1m05s`, `2h03m`. */
export function secondsWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (number: number) => String(number).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`;
}

/** `just now`, `5m ago`. */
export function ago(time: string | number, now: number): string {
  const age = ageOf(time, now);
  return age === 'now' ? 'just now' : age === '' ? '' : `${age} ago`;
}
