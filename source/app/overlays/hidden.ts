import {allHidden} from '../../drift/hidden.ts';
import type {HiddenField, LeftOut, ResourceDrift} from '../../drift/types.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import {shortValue} from '../text/value.ts';

/** What each reason is called, the one that somebody decided first. */
const sections: readonly [HiddenField['reason'], string][] = [
  ['ignored', 'Ignored by a rule'],
  ['mutated', 'Rewritten at admission'],
  ['controller', 'Filled in by a controller'],
  ['defaulted', 'Defaults, and what git says nothing of'],
  ['server', "The server's own, and what is the same to it"],
];

/**
 * Everything about a resource that differs and is no drift, by reason, each field with its values and why; then what of the
 * environment is left out altogether.
 */
export function hiddenLines(
  resource: ResourceDrift | null,
  leftOut: readonly LeftOut[],
  columns: number,
): Line[] {
  const lines: Line[] = [];
  const wrapped = (text: string, indent: number) =>
    wrap(text, columns - indent).map(part => line(span(`${' '.repeat(indent)}${part}`, 'dim')));
  if (resource !== null) {
    const hidden = allHidden(resource);
    for (const [reason, words] of sections) {
      const fields = hidden.filter(field => field.reason === reason);
      if (fields.length === 0) continue;
      lines.push(line(span(words, 'busy'), span(`  ${fields.length}`, 'dim')));
      for (const field of fields) {
        lines.push(line('  ', field.path, span(valuesOf(field), 'dim')), ...wrapped(field.because, 6));
      }
      lines.push([]);
    }
    if (resource.notes.length > 0) {
      lines.push(line(span('Notes', 'busy')), ...resource.notes.flatMap(note => wrapped(note, 2)), []);
    }
    if (lines.length === 0) lines.push(line('Nothing of it is hidden: git and live say the same.'), []);
  }
  if (leftOut.length > 0) {
    lines.push(line(span('Left out of this environment', 'busy'), span(`  ${leftOut.length}`, 'dim')));
    for (const {id, source, reason} of leftOut) {
      lines.push(
        line('  ', formatIdentity(id), span(`  ${source.file}:${source.line}`, 'dim')),
        ...wrapped(reason, 6),
      );
    }
  }
  return lines.length > 0 ? lines : [line('Choose a resource: nothing of the environment is left out.')];
}

/** `: live 5`, `: git 3, live 5`, `: git 3`. */
function valuesOf({desired, live}: HiddenField): string {
  const parts = [
    ...(desired === undefined ? [] : [`git ${shortValue(desired)}`]),
    ...(live === undefined ? [] : [`live ${shortValue(live)}`]),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
