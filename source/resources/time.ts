import type {Json} from './json.ts';

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[-+]\d\d:\d\d)$/i;

/**
 * True where the server stores the first time as the second: the same instant, without the part of a second that the
 * stored one's type doesn't hold. Source: apimachinery/pkg/apis/meta/v1, time.go and micro_time.go.
 */
export function equalTime(written: Json, stored: Json): boolean {
  const left = parse(written);
  const right = parse(stored);
  if (left === undefined || right === undefined || left.seconds !== right.seconds) return false;
  return (
    right.digits === 0 ||
    left.fraction.padEnd(6, '0').slice(0, 6) === right.fraction.padEnd(6, '0').slice(0, 6)
  );
}

function parse(value: Json): {seconds: number; fraction: string; digits: number} | undefined {
  const match = typeof value === 'string' ? form.exec(value) : null;
  if (match === null) return undefined;
  const [, time, fraction = '', zone] = match;
  const seconds = Date.parse(`${time}${zone}`.toUpperCase());
  return Number.isNaN(seconds) ? undefined : {seconds, fraction, digits: fraction.length};
}
