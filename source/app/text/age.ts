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

/** `just now`, `5m ago`. */
export function ago(time: string | number, now: number): string {
  const age = ageOf(time, now);
  return age === 'now' ? 'just now' : age === '' ? '' : `${age} ago`;
}
