import type {Command} from '../keys/command.ts';
import {keymapOf} from '../keys/keymap.ts';
import {type Place, placeTitles} from '../keys/places.ts';
import {readOnlyRefusal, refusal} from '../keys/run-command.ts';
import {shownKeys} from '../keys/shown-keys.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import {type Line, line, lineWidth, span, wrap} from '../text/line.ts';

export const sections: readonly Command['section'][] = [
  'Dialog',
  'Act',
  'Look',
  'Own',
  'Move',
  'Select',
  'Out',
  'App',
];

const keysWidth = 18;

/**
 * The help screen: every command, those of the screen behind it first; one that can't run now says why. Where something is
 * looked for, only what has it, by its words, its name or its keys.
 */
export function helpLines(state: AppState): Line[] {
  const {overlay} = state;
  const filter = overlay?.id === 'help' ? (overlay.view?.query?.trim() ?? '') : '';
  const here: Place = state.dialog === null ? currentScreen(state).id : 'dialog';
  const known = keymapOf(state.preferences).commands.filter(command => isLookedFor(command, filter));
  const parts = [
    {title: placeTitles[here], commands: known.filter(({places}) => places.includes(here)), saysWhy: true},
    {title: 'Elsewhere', commands: known.filter(({places}) => !places.includes(here)), saysWhy: false},
  ];
  const lines = parts.flatMap(({title, commands, saysWhy}) =>
    commands.length === 0
      ? []
      : [
          line(span(title, 'strong')),
          ...sections.flatMap(section =>
            sectionLines(
              state,
              section,
              commands.filter(command => command.section === section),
              saysWhy,
            ),
          ),
        ],
  );
  return lines.length === 0 ? [line('Nothing here is called ', span(filter, 'strong'), '.')] : lines;
}

function isLookedFor({id, words, keys}: Command, filter: string): boolean {
  if (filter === '' || keys.includes(filter)) return true;
  const wanted = filter.toLowerCase();
  return id.includes(wanted) || words.toLowerCase().includes(wanted);
}

function sectionLines(
  state: AppState,
  section: Command['section'],
  commands: readonly Command[],
  saysWhy: boolean,
): Line[] {
  if (commands.length === 0) return [];
  return [
    line(span(`  ${section}`, 'busy')),
    ...commands.flatMap(command => commandLines(state, command, saysWhy)),
    [],
  ];
}

function commandLines(state: AppState, command: Command, saysWhy: boolean): Line[] {
  const why = saysWhy ? refusal(state, command, command.keyed?.(state, 0)) : null;
  const room = state.size.columns - 4;
  const indent = 4 + keysWidth;
  const first = line(
    '    ',
    span(shownKeys(command).join(' ').padEnd(keysWidth), 'strong'),
    span(command.words, why === null ? 'plain' : 'dim'),
  );
  if (why === null) return [first];
  const reason = `(${why === readOnlyRefusal ? 'read-only' : why})`;
  const beside = [...first, span(` ${reason}`, 'drift')];
  // Why it can't be run is what one came for: it is not cut off.
  if (lineWidth(beside) <= room) return [beside];
  return [first, ...wrap(reason, room - indent).map(text => line(' '.repeat(indent), span(text, 'drift')))];
}
