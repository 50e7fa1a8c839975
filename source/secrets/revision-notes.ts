import type {RevisionNote} from '../revisions/types.ts';
import type {KnownSecrets} from './known.ts';

/** What is told of a revision, without secret values in the words of the programs that verify signatures. */
export function redactNote(note: RevisionNote, known: KnownSecrets): RevisionNote {
  const {signature} = note;
  if (signature === undefined || signature.reason === null) return note;
  return {...note, signature: {...signature, reason: known.redact(signature.reason)}};
}
