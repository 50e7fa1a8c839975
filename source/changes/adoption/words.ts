import type {Environment} from '../../environments/types.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {type Json, stringifyJson} from '../../resources/json.ts';
import {plainLine} from '../../text/plain.ts';
import type {AdoptedField} from './types.ts';

/** The message of an adoption's commit: which fields follow what is live, and who had set it there. */
export function adoptionWords({name, context}: Environment, adopted: readonly AdoptedField[]): string {
  const [first] = adopted;
  const subject =
    first !== undefined && adopted.length === 1
      ? `Adopt ${subjectOf(first)} as it is live in ${name}`
      : `Adopt ${adopted.length} fields as they are live in ${name}`;
  const lines = adopted.map(field => `- ${plainLine(adoptedLine(field))}`);
  const where = `Read from the cluster${context === null ? '' : ` on ${context}`}:`;
  return `${plainLine(subject)}\n\n${plainLine(where)}\n${lines.join('\n')}`;
}

/** One adopted field: what git said, what it will say, and who set it live. */
export function adoptedLine(field: AdoptedField): string {
  const {id, path, manager, changedAt} = field;
  const by = manager === undefined ? '' : ` (${[manager, changedAt].filter(Boolean).join(', ')})`;
  if (path === '') return `${formatIdentity(id)}: added${by}`;
  return `${formatIdentity(id)} ${path}: ${valueWords(field.git)} → ${valueWords(field.live)}${by}`;
}

function subjectOf({id, path}: AdoptedField): string {
  return path === '' ? formatIdentity(id) : `${path} of ${formatIdentity(id)}`;
}

function valueWords(value: Json | undefined): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : stringifyJson(value);
  const [line = ''] = text.split('\n');
  return line.length > 60 || line !== text ? `${line.slice(0, 59)}…` : line;
}
