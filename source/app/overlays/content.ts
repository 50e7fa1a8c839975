import {asciiStyle, effectLines, plainStyle} from '../../changes/effect/words.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {formatProblem, type Problem} from '../../resources/problem.ts';
import {resourceDiff} from '../diff/diff-lines.ts';
import {yamlLines} from '../diff/yaml.ts';
import {unifiedLine} from '../screens/diff-pane-lines.ts';
import {fullLines} from '../screens/pull-request-lines.ts';
import type {RenderedEffect} from '../session.ts';
import {chosenRow} from '../state/environment-screen.ts';
import {firstProblem, generalProblems} from '../state/problems.ts';
import {shownRequests} from '../state/pull-requests-screen.ts';
import {type AppState, currentEnvironment, currentScreen, type Overlay} from '../state/state.ts';
import {type Line, line, span, type Tone, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {effectOverlayLines, wrapped} from './effect.ts';
import {helpLines} from './help.ts';
import {hiddenLines} from './hidden.ts';

/** What an overlay shows. Lines are made when they are seen: a patch can have a hundred thousand. */
export interface OverlayContent {
  readonly title: Line;
  readonly length: number;
  line(index: number): Line;
}

/** The content of an overlay. */
export function overlayContent(state: AppState, overlay: Overlay, look: Look): OverlayContent {
  switch (overlay.id) {
    case 'help':
      return listed('Keys', helpLines(state));
    case 'problems':
      return listed('Problems', problemLines(state, look));
    case 'calls':
      return listed('What was asked of git and the clusters', callLines(state, look));
    case 'hidden':
      return hiddenContent(state);
    case 'pull-request':
      return pullRequestContent(state, overlay.number, look);
    case 'diff':
      return diffContent(state, look);
    case 'yaml':
      return yamlContent(state, overlay.side);
    case 'effect':
      return listed('What the change does', effectOverlayLines(state.dialog, look, state.size.columns - 4));
    case 'patch':
      return patchContent(overlay, look, state.size.columns - 4);
  }
}

function listed(title: string, lines: readonly Line[]): OverlayContent {
  return {title: line(span(title, 'strong')), length: lines.length, line: index => lines[index] ?? []};
}

function hiddenContent(state: AppState): OverlayContent {
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

function pullRequestContent(state: AppState, number: number, look: Look): OverlayContent {
  const screen = currentScreen(state);
  const request =
    screen.id === 'pull-requests'
      ? shownRequests(state, screen).find(shown => shown.number === number)
      : undefined;
  if (screen.id !== 'pull-requests' || request === undefined) return listed(`#${number}`, []);
  const style = {look, frame: 0, columns: state.size.columns - 4, now: state.now};
  return listed(`#${number} ${request.title}`, fullLines({state, screen, request, style}));
}

function diffContent(state: AppState, look: Look): OverlayContent {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  if (row === undefined || row.kind === 'namespace') return listed('Diff', []);
  const lines = resourceDiff(row.resource, Number.POSITIVE_INFINITY);
  const chosen = row.kind === 'field' ? row.field.path : null;
  return {
    title: line(
      span(formatIdentity(row.resource.id), 'strong'),
      '  ',
      span('-git', 'removed'),
      ' ',
      span('+live', 'added'),
    ),
    length: lines.length,
    line: index => {
      const item = lines[index];
      return item === undefined ? [] : unifiedLine(item, chosen, state.size.columns - 4, look);
    },
  };
}

function yamlContent(state: AppState, side: 'live' | 'git'): OverlayContent {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  if (row === undefined || row.kind === 'namespace') return listed('YAML', []);
  const object = side === 'live' ? row.resource.live : row.resource.desired;
  const none = side === 'live' ? 'It is not in the cluster.' : 'It is not in git.';
  const lines = object === null ? [none] : yamlLines(object);
  const words = side === 'live' ? 'live' : 'as git wants it';
  return {
    title: line(span(`${formatIdentity(row.resource.id)}, ${words}`, 'strong')),
    length: lines.length,
    line: index => line(lines[index] ?? ''),
  };
}

function patchContent(
  {patch, title, effect}: Extract<Overlay, {id: 'patch'}>,
  look: Look,
  columns: number,
): OverlayContent {
  const lines = patch.split('\n');
  const above = effect === undefined ? [] : effectContent(effect, look, columns);
  return {
    title: line(span(title, 'strong')),
    length: above.length + lines.length,
    line(index) {
      const text = lines[index - above.length] ?? '';
      return above[index] ?? line(span(text, patchTone(text)));
    },
  };
}

function effectContent(effect: RenderedEffect, {glyphs}: Look, columns: number): Line[] {
  const style = glyphs.arrow === asciiStyle.arrow ? asciiStyle : plainStyle;
  return [...wrapped(effectLines(effect, style), columns), []];
}

function patchTone(text: string): Tone {
  if (/^(?:diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename )/.test(text)) return 'strong';
  if (text.startsWith('@@')) return 'busy';
  if (text.startsWith('+')) return 'added';
  return text.startsWith('-') ? 'removed' : 'plain';
}

function problemLines(state: AppState, look: Look): Line[] {
  const room = state.size.columns - 4;
  const lines: Line[] = [];
  const add = (who: string, problem: Problem) => {
    const tone = problem.severity === 'error' ? 'bad' : 'drift';
    const glyph = problem.severity === 'error' ? look.glyphs.failed : '!';
    const {fix, ...cause} = problem;
    const words = `${who === '' ? '' : `${who}: `}${formatProblem(cause)}`;
    for (const [index, text] of wrap(words, room - 2).entries()) {
      lines.push(line(span(index === 0 ? `${glyph} ` : '  ', tone), text));
    }
    if (fix !== undefined)
      for (const text of wrap(fix, room - 4)) lines.push(line(span(`    ${text}`, 'dim')));
    lines.push([]);
  };
  if (state.failure !== null) add('', state.failure);
  if (state.fetchFailure !== null) add('not fetched', state.fetchFailure);
  for (const problem of generalProblems(state)) add('', problem);
  for (const known of state.environments) {
    const {name} = known.environment;
    const errors = known.report?.errors ?? [];
    const first = firstProblem(known, state.contextCount);
    if (first !== null && !errors.includes(first)) add(name, first);
    for (const problem of errors) add(name, problem);
  }
  return lines.length === 0 ? [line(span(`${look.glyphs.synced} Nothing went wrong.`, 'good'))] : lines;
}

function callLines(state: AppState, look: Look): Line[] {
  const words: Record<string, readonly [string, Tone]> = {
    running: ['running', 'busy'],
    ok: ['ok', 'good'],
    failed: ['failed', 'bad'],
    dropped: ['taken back', 'dim'],
  };
  return state.calls.toReversed().map(({what, startedAt, endedAt, outcome}) => {
    const [word, tone] = words[outcome] ?? [outcome, 'plain'];
    const clock = new Date(startedAt).toTimeString().slice(0, 8);
    const took = endedAt === null ? look.glyphs.times : `${((endedAt - startedAt) / 1000).toFixed(2)}s`;
    return line(span(`${clock} `, 'dim'), took.padStart(8), '  ', span(word.padEnd(11), tone), what);
  });
}
