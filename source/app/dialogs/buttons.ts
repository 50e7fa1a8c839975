import {type Line, line, span} from '../text/line.ts';

/** What stands left of the buttons, and of nothing else. */
const indent = '             ';

/** The two buttons of a dialog, the chosen one in brackets; `go` null is a dialog with one button. */
export function buttons(focus: 'cancel' | 'go', cancel: string, go: string | null, blocked: boolean): Line {
  const chosen = go === null ? 'cancel' : focus;
  const cancelPart = chosen === 'cancel' ? span(`[ ${cancel} ]`, 'strong') : span(`  ${cancel}  `);
  if (go === null) return line(indent, cancelPart);
  const goTone = blocked ? 'dim' : chosen === 'go' ? 'strong' : 'plain';
  const goPart = span(chosen === 'go' ? `[ ${go} ]` : `  ${go}  `, goTone);
  return line(indent, cancelPart, '   ', goPart);
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

/** The words of a line of `buttons`, for who shows them otherwise; null for another line. */
export function readButtons([first, ...rest]: Line): {cancel: string; go: string | null} | null {
  if (first?.text !== indent) return null;
  const [cancel, , go] = rest.map(({text}) => text.replace(/^\[ | \]$/g, '').trim());
  return {cancel: cancel ?? '', go: go ?? null};
}

/** A choice in a line of `checkbox` and `radio`. */
export interface Choice {
  readonly kind: 'checkbox' | 'radio';
  readonly on: boolean;
  readonly key: string;
  readonly words: string;
}

/** The choices that a line of `checkbox` and `radio` shows, for who shows them otherwise; none in another line. */
export function readChoices(spans: Line, chosen: string): Choice[] {
  const marks = new Map<string, Pick<Choice, 'kind' | 'on'>>([
    ['[x] ', {kind: 'checkbox', on: true}],
    ['[ ] ', {kind: 'checkbox', on: false}],
    [`(${chosen}) `, {kind: 'radio', on: true}],
    ['( ) ', {kind: 'radio', on: false}],
  ]);
  return spans.flatMap(({text}, index) => {
    const mark = marks.get(text);
    const key = spans[index + 1]?.text;
    if (mark === undefined || key === undefined) return [];
    return [{...mark, key, words: (spans[index + 2]?.text ?? '').trim()}];
  });
}
