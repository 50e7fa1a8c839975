import {asciiStyle, effectLines, plainStyle} from '../../changes/effect/words.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {resourceDiff} from '../diff/diff-lines.ts';
import {entryLines} from '../screens/entry-lines.ts';
import {agePart, noDiffLine} from '../screens/environment-words.ts';
import {fullLines} from '../screens/pull-request-lines.ts';
import type {RenderedEffect} from '../session.ts';
import {chosenRow} from '../state/screens/environment-screen.ts';
import {shownRequests} from '../state/screens/pull-requests-screen.ts';
import {type AppState, currentEnvironment, currentScreen, type Overlay} from '../state/state.ts';
import {wideContext} from '../state/text-view.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {diffSheet, patchSheet} from './diff-sheet.ts';
import {effectOverlayLines, wrapped} from './effect.ts';
import {helpLines} from './help.ts';
import {hiddenLines} from './hidden.ts';
import {outputLines} from './output.ts';
import {type Sheet, sheetOf, stacked} from './sheet.ts';
import {type View, viewOf} from './view.ts';
import {yamlSheet} from './yaml-sheet.ts';

/** What an overlay shows, in rows of the screen. They are made when they are seen: a patch can have a hundred thousand. */
export interface OverlayContent {
  readonly title: Line;
  readonly length: number;
  line(index: number): Line;
}

/** The content of an overlay. */
export function overlayContent(state: AppState, overlay: Overlay, look: Look): OverlayContent {
  const sheet = overlaySheet(state, overlay, look);
  const {length, line: lineOf} = overlayView(state, overlay, look, sheet);
  return {title: sheet.title, length, line: lineOf};
}

/** A text in front of everything as it is looked at. */
export function overlayView(state: AppState, overlay: Overlay, look: Look, sheet: Sheet): View {
  return viewOf(sheet, overlay.view ?? {}, state.size.columns - 4, look);
}

/** The text of an overlay; `gap` is the one that is opened next. */
export function overlaySheet(
  state: AppState,
  overlay: Overlay,
  look: Look,
  gap: number | null = null,
): Sheet {
  switch (overlay.id) {
    case 'help':
      return listed('Keys', helpLines(state));
    case 'output':
      return listed(
        state.program?.order.name ?? 'Output',
        outputLines(state.program, look, state.size.columns - 4),
      );
    case 'errand':
      return listed('What was run', entryLines(overlay.entry, state.now, state.size.columns - 4, look));
    case 'hidden':
      return hiddenContent(state);
    case 'pull-request':
      return pullRequestContent(state, overlay.number, look);
    case 'diff':
      return diffContent(state, overlay, look, gap);
    case 'yaml':
      return yamlContent(state, overlay.side);
    case 'by-hand':
      return byHandContent(overlay, state.size.columns - 4);
    case 'effect':
      return listed('What the change does', effectOverlayLines(state.dialog, look, state.size.columns - 4));
    case 'patch':
      return patchContent(overlay, look, state.size.columns - 4);
  }
}

function listed(title: string, lines: readonly Line[]): Sheet {
  return sheetOf(line(span(title, 'strong')), lines);
}

function byHandContent({text, why}: Extract<Overlay, {id: 'by-hand'}>, columns: number): Sheet {
  const lines = text.split('\n').flatMap(each => wrap(each, columns));
  return listed('To copy by hand', [
    line(span(`It was not copied: ${why}.`, 'drift')),
    [],
    ...lines.map(each => line(each)),
  ]);
}

function hiddenContent(state: AppState): Sheet {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  const resource = row === undefined || row.kind === 'namespace' ? null : row.resource;
  const leftOut = currentEnvironment(state)?.report?.leftOut ?? [];
  const what = resource === null ? '' : `${formatIdentity(resource.id)}: `;
  return {
    ...listed('', hiddenLines(resource, leftOut, state.size.columns - 4)),
    title: line(span(`${what}what is no drift, and why`, 'strong')),
  };
}

function pullRequestContent(state: AppState, number: number, look: Look): Sheet {
  const screen = currentScreen(state);
  const request =
    screen.id === 'pull-requests'
      ? shownRequests(state, screen).find(shown => shown.number === number)
      : undefined;
  if (screen.id !== 'pull-requests' || request === undefined) return listed(`#${number}`, []);
  const style = {look, frame: 0, columns: state.size.columns - 4, now: state.now};
  return listed(`#${number} ${request.title}`, fullLines({state, screen, request, style}));
}

function diffContent(
  state: AppState,
  overlay: Extract<Overlay, {id: 'diff'}>,
  look: Look,
  gap: number | null,
): Sheet {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  if (row === undefined || row.kind === 'namespace') return listed('Diff', []);
  const {split = false, context = wideContext, opened} = overlay.view ?? {};
  const lines = resourceDiff(row.resource, context, opened);
  const title = line(
    span(formatIdentity(row.resource.id), 'strong'),
    '  ',
    span('-git', 'removed'),
    ' ',
    span('+live', 'added'),
    ...agePart(currentEnvironment(state), state.now),
  );
  if (lines.length === 0) return sheetOf(title, [noDiffLine(row.resource)]);
  const chosen = row.kind === 'field' ? row.field.path : null;
  return diffSheet(title, lines, split, {look, chosen, next: gap, isYaml: () => true});
}

function yamlContent(state: AppState, side: 'live' | 'git'): Sheet {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  if (row === undefined || row.kind === 'namespace') return listed('YAML', []);
  const object = side === 'live' ? row.resource.live : row.resource.desired;
  const none = side === 'live' ? 'It is not in the cluster.' : 'It is not in git.';
  const words = side === 'live' ? 'live' : 'as git wants it';
  const title = line(
    span(`${formatIdentity(row.resource.id)}, ${words}`, 'strong'),
    ...(side === 'live' ? agePart(currentEnvironment(state), state.now) : []),
  );
  return object === null ? sheetOf(title, [line(none)]) : yamlSheet(title, object);
}

function patchContent(
  {patch, title, effect, view}: Extract<Overlay, {id: 'patch'}>,
  look: Look,
  columns: number,
): Sheet {
  const above = effect === undefined ? [] : effectContent(effect, look, columns);
  const below = patchSheet(line(span(title, 'strong')), patch, view?.split === true, look);
  return above.length === 0 ? below : stacked(above, below);
}

function effectContent(effect: RenderedEffect, {glyphs}: Look, columns: number): Line[] {
  const style = glyphs.arrow === asciiStyle.arrow ? asciiStyle : plainStyle;
  return [...wrapped(effectLines(effect, style), columns), []];
}
