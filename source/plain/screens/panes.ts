import {createElement, isValidElement, type ReactNode} from 'react';
import {Panel, type PanelProps} from '../../app/components/panel.tsx';
import {Row} from '../../app/components/row.tsx';
import {ShownScreen} from '../../app/screens/views.tsx';
import type {AppState} from '../../app/state/state.ts';
import type {Line} from '../../app/text/line.ts';
import {plainLook} from '../look.ts';

/** What a panel of a screen holds. */
export interface Pane {
  readonly title: Line;
  readonly right: Line;
  readonly lines: readonly Line[];
}

/**
 * The panels of the shown screen and the lines outside of them, read from what its view would draw, without drawing: so that a
 * new screen can be printed before anybody thinks of it. Views are functions of their props, without hooks.
 */
export function panesOf(state: AppState): {panes: Pane[]; loose: Line[]} {
  const found: {panes: Pane[]; loose: Line[]} = {panes: [], loose: []};
  collect(createElement(ShownScreen, {state, look: plainLook, frame: 0}), found);
  return found;
}

function collect(node: ReactNode, found: {panes: Pane[]; loose: Line[]}): void {
  if (Array.isArray(node)) {
    for (const child of node) collect(child, found);
    return;
  }
  if (!isValidElement<{children?: ReactNode}>(node)) return;
  const {type, props} = node;
  if (type === Panel) {
    const {title, right = [], lines} = props as PanelProps;
    found.panes.push({title, right, lines});
  } else if ((type as unknown) === Row) found.loose.push((props as {spans: Line}).spans);
  else if (typeof type === 'function') collect((type as (given: object) => ReactNode)(props), found);
  else collect(props.children, found);
}
