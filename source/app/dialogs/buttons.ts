import {type Line, line, span} from '../text/line.ts';

/** The two buttons of a dialog, the chosen one in brackets; `go` null is a dialog with one button. */
export function buttons(focus: 'cancel' | 'go', cancel: string, go: string | null, blocked: boolean): Line {
  const chosen = go === null ? 'cancel' : focus;
  const cancelPart = chosen === 'cancel' ? span(`[ ${cancel} ]`, 'strong') : span(`  ${cancel}  `);
  if (go === null) return line('             ', cancelPart);
  const goTone = blocked ? 'dim' : chosen === 'go' ? 'strong' : 'plain';
  const goPart = span(chosen === 'go' ? `[ ${go} ]` : `  ${go}  `, goTone);
  return line('             ', cancelPart, '   ', goPart);
}

/** `[x] w wait` */
export function checkbox(on: boolean, key: string, words: string): Line {
  return line(on ? span('[x] ', 'strong') : '[ ] ', span(key, 'strong'), ` ${words}`);
}

/** `(•) m  restore` */
export function radio(on: boolean, chosen: string, key: string, words: string, dim = false): Line {
  return line(
    on ? span(`(${chosen}) `, 'strong') : '( ) ',
    span(key, dim ? 'dim' : 'strong'),
    span(`  ${words}`, dim ? 'dim' : 'plain'),
  );
}
