import {Panel} from '../components/panel.tsx';
import {bodyRows, panelRows} from '../state/layout.ts';
import type {AppState, Overlay} from '../state/state.ts';
import {line} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {overlayContent} from './content.ts';

/** A text in front of everything, to be scrolled through and left. */
export function OverlayView({state, overlay, look}: {state: AppState; overlay: Overlay; look: Look}) {
  const content = overlayContent(state, overlay, look);
  const rows = panelRows(state);
  const top = Math.max(0, Math.min(overlay.top, content.length - rows));
  const lines = Array.from({length: Math.min(rows, content.length - top)}, (_, index) =>
    content.line(top + index),
  );
  const end = top + lines.length;
  return (
    <Panel
      title={content.title}
      right={content.length > rows ? line(`${top + 1}-${end} of ${content.length}`) : []}
      columns={state.size.columns}
      rows={bodyRows(state)}
      lines={lines}
      look={look}
      tone="plain"
    />
  );
}
