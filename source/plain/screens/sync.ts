import {shownRun, syncRows} from '../../app/state/screens/sync-screen.ts';
import type {AppState} from '../../app/state/state.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {genericText} from './generic.ts';
import type {ShownText} from './shown.ts';

/** A sync in words: first what became of it all, then each object. */
export function syncText(state: AppState): ShownText {
  const text = genericText(state);
  const run = shownRun(state);
  if (run === undefined) return text;
  const names = syncRows(run).flatMap(row =>
    row.kind === 'step' ? [`${formatIdentity(row.step.id)}: `] : [],
  );
  // What is said of the chosen object is said by its own row.
  const [, ...told] = text.detail.filter(words => !names.some(name => words.startsWith(name)));
  return {...text, head: [...text.head, ...told], detail: []};
}
