import type {Json} from './json.ts';

const binary: Record<string, bigint> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
const decimal: Record<string, number> = {n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18};
const form = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,3}))$/;

/**
 * A Kubernetes quantity in billionths, exactly; a fraction of a billionth is rounded away from zero, as the server
 * does. Undefined for what is no quantity. Source: apimachinery/pkg/api/resource/quantity.go.
 */
export function parseQuantity(value: Json | undefined): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const match = form.exec(String(value));
  if (match === null) return undefined;
  const [, sign, digits = '', binarySuffix, decimalSuffix, exponent] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  let mantissa = BigInt(whole + fraction);
  let power = 9 - fraction.length;
  if (binarySuffix !== undefined) mantissa *= binary[binarySuffix] ?? 1n;
  else power += exponent === undefined ? (decimal[decimalSuffix ?? ''] ?? 0) : Number(exponent);
  let nano: bigint;
  if (power >= 0) {
    nano = mantissa * 10n ** BigInt(power);
  } else {
    const divisor = 10n ** BigInt(-power);
    nano = (mantissa + divisor - 1n) / divisor;
  }
  return sign === '-' ? -nano : nano;
}

/** True where both are quantities of the same amount: `1000m` and `1`, `1024Mi` and `1Gi` (drift trap 1). */
export function equalQuantity(a: Json | undefined, b: Json | undefined): boolean {
  const left = parseQuantity(a);
  return left !== undefined && left === parseQuantity(b);
}

/** True where the server stores the first as the second in a list of resources, whose amounts it rounds up to thousandths. */
export function equalRoundedUp(written: Json | undefined, stored: Json | undefined): boolean {
  const nano = parseQuantity(written);
  if (nano === undefined) return false;
  const milli = 1_000_000n;
  const rest = nano % milli;
  const rounded = rest === 0n ? nano : nano - rest + (nano < 0n ? -milli : milli);
  return rounded === parseQuantity(stored);
}
