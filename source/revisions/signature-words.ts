import type {Signature} from '../repository/types.ts';

const words: Record<Signature['verdict'], string> = {
  good: 'good',
  'unknown-signer': 'good, by somebody unknown',
  expired: 'expired',
  revoked: 'revoked',
  bad: 'BAD',
  none: 'none',
  unchecked: "can't be checked",
};

/** A signature in a sentence: `good, by jane@example.com (SHA256:tSBc…)`, `can't be checked: gpg is not there`. */
export function signatureWords({verdict, signer, key, reason}: Signature): string {
  const by = signer === null ? '' : `${verdict === 'unknown-signer' ? ' who says to be' : ', by'} ${signer}`;
  const why = reason === null ? '' : `: ${reason}`;
  return `${words[verdict]}${by}${why}${key === null ? '' : ` (${key})`}`;
}

/** The same in a word or two, for a table. */
export function signatureWord({verdict}: Signature): string {
  switch (verdict) {
    case 'unknown-signer':
      return 'unknown';
    case 'unchecked':
      return "can't check";
    case 'bad':
      return 'BAD';
    default:
      return verdict;
  }
}
