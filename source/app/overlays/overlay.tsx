import {Panel} from '../components/panel.tsx';
import {bodyRows, panelRows} from '../state/layout.ts';
import type {AppState, Overlay} from '../state/state.ts';
import {topRow} from '../state/text-overlay.ts';
import {type Line, line, span} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {overlaySheet, overlayView} from './content.ts';
import {linesWith} from './search.ts';
import type {Sheet} from './sheet.ts';
import {gapInSight} from './view.ts';

/** A text in front of everything, to be scrolled through and left. */
export function OverlayView({state, overlay, look}: {state: AppState; overlay: Overlay; look: Look}) {
  const rows = panelRows(state);
  const plain = overlaySheet(state, overlay, look);
  const measured = overlayView(state, overlay, look, plain);
  const top = topRow(state, measured.length);
  const gap = gapInSight(plain, measured, top, rows);
  // The gap that is opened next is marked, which changes no line's length.
  const sheet = gap === null ? plain : overlaySheet(state, overlay, look, gap);
  const view = gap === null ? measured : overlayView(state, overlay, look, sheet);
  const lines = Array.from({length: Math.min(rows, view.length - top)}, (_, index) => view.line(top + index));
  const place = view.length > rows ? [line(`${top + 1}-${top + lines.length} of ${view.length}`)] : [];
  const right = [...waysOf(overlay, sheet), ...place];
  return (
    <Panel
      title={sheet.title}
      right={right.flatMap((part, index) => (index === 0 ? part : [span('  '), ...part]))}
      columns={state.size.columns}
      rows={bodyRows(state)}
      lines={lines}
      look={look}
      tone="plain"
    />
  );
}

/** How the text is looked at, where that is not as at first. */
function waysOf({view = {}}: Overlay, sheet: Sheet): Line[] {
  const {query = '', left = 0, here = null} = view;
  const ways: Line[] = [];
  if (query !== '') {
    const lines = linesWith(sheet, query);
    const at = here === null ? -1 : lines.indexOf(here);
    const words = lines.length === 0 ? 'nowhere' : `${at < 0 ? '' : `${at + 1} of `}${lines.length}`;
    ways.push(line(`/${query} `, span(words, lines.length === 0 ? 'drift' : 'plain')));
  }
  if (left > 0) ways.push(line(`from column ${left + 1}`));
  return ways;
}
