import type {AdoptedField, AdoptPreview} from '../app/session.ts';
import {adoptedLine} from '../changes/adoption/words.ts';
import {formatIdentity} from '../resources/identity.ts';

/** What an adoption would write where, and what it leaves and why; for people. */
export function adoptionText({plan, request}: AdoptPreview): string[] {
  const {adopted, left} = plan;
  const lines = [`Adopt what is live in ${request.environment}:`];
  for (const field of adopted) {
    lines.push(
      `  ${adoptedLine(field)}`,
      `    ${field.file}:${field.line}, ${field.how}${overrideWords(field)}`,
    );
  }
  for (const {id, path, reason, shared} of left) {
    lines.push(`  not adopted: ${[formatIdentity(id), path].filter(Boolean).join(' ')}: ${reason}`);
    if (shared !== undefined)
      lines.push(`    files that set it are also part of ${shared.join(', ')}: --shared edits those`);
  }
  if (adopted.length > 0) lines.push(afterWords(adopted));
  return lines;
}

/** What the engine says of git after the change. */
export function afterWords(adopted: AdoptPreview['plan']['adopted']): string {
  const same = adopted.filter(({after}) => after === 'same').length;
  if (same === adopted.length) return 'Checked on the cluster: git then says just what is live there.';
  return `Checked on the cluster: ${same} of ${adopted.length} then say what is live; see the warnings.`;
}

function overrideWords({overrides}: AdoptedField): string {
  return overrides.length === 0
    ? ''
    : ` (it overrides a file that is also part of ${overrides.join(', ')}: --shared edits that instead)`;
}
