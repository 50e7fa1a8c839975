const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|[KMGTPE]i|[eE][+-]?\d+)?$/;

/** A quantity as a whole number of 10^-9, the finest step there is; what is finer is rounded up. Undefined where it is none. */
export function nanoOf(text: string): bigint | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  let numerator = BigInt(`${whole}${fraction}`) * 10n ** 9n;
  let denominator = 10n ** BigInt(fraction.length);
  if (suffix.endsWith('i')) {
    numerator *= 1024n ** BigInt(binarySuffixes.indexOf(suffix));
  } else {
    const exponent = /^[eE][+-]?\d/.test(suffix)
      ? Number(suffix.slice(1))
      : (decimalSuffixes.indexOf(suffix) - 3) * 3;
    if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
    else denominator *= 10n ** BigInt(-exponent);
  }
  const nano = (numerator + denominator - 1n) / denominator;
  return sign === '-' ? -nano : nano;
}

/**
 * The canonical form of a quantity, as Go's resource.Quantity writes it: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is
 * `500m`. Undefined where the text is no quantity.
 * Source: apimachinery, pkg/api/resource/quantity.go.
 */
export function canonicalQuantity(text: string): string | undefined {
  const signed = nanoOf(text);
  if (signed === undefined) return undefined;
  const nano = signed < 0n ? -signed : signed;
  const suffix = /[A-Za-z].*$/.exec(text)?.[0] ?? '';
  const isBinary = suffix.endsWith('i');
  const isExponent = /^[eE][+-]?\d/.test(suffix);
  if (nano === 0n) return '0';
  const prefix = signed < 0n ? '-' : '';
  const unit = 10n ** 9n;
  if (isBinary && nano % unit === 0n && nano >= 1024n * unit) {
    return prefix + reduced(nano / unit, 1024n, 0, 1, power => binarySuffixes[power] ?? '');
  }
  return (
    prefix +
    reduced(nano, 1000n, -9, 3, power =>
      isExponent ? (power === 0 ? '' : `e${power}`) : (decimalSuffixes[power / 3 + 3] ?? ''),
    )
  );
}

function reduced(
  value: bigint,
  base: bigint,
  lowest: number,
  step: number,
  suffixOf: (power: number) => string,
): string {
  let power = lowest;
  let left = value;
  const highest = base === 1000n ? 18 : 6;
  while (left % base === 0n && power < highest) {
    left /= base;
    power += step;
  }
  return `${left}${suffixOf(power)}`;
}
