import {overlayContent} from '../app/overlays/content.ts';
import type {AppState, Overlay} from '../app/state/state.ts';
import {plainLook} from './look.ts';
import {unfolded} from './screens/text.ts';
import {sentence, verbatim} from './words.ts';

/** Texts that are read; the others are shown as they stand. */
const prose: ReadonlySet<Overlay['id']> = new Set(['help', 'errand', 'hidden', 'pull-request', 'effect']);

/** A text that is in front of everything, below its title: what is read in words, what is code as it stands. */
export function overlayLines(state: AppState, overlay: Overlay): string[] {
  const {title, length, line} = overlayContent(unfolded(state), overlay, plainLook);
  const isProse = prose.has(overlay.id);
  const lines = Array.from({length}, (_, index) => (isProse ? sentence : verbatim)(line(index)));
  return [sentence(title), ...lines.filter(text => !isProse || text !== '')];
}
