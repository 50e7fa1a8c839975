import type {Command} from '../keys/command.ts';
import {readOnlyRefusal, refusal} from '../keys/dispatch.ts';
import {keymapOf} from '../keys/keymap.ts';
import {type Place, placeTitles} from '../keys/places.ts';
import {type AppState, currentScreen} from '../state/state.ts';
import {type Line, line, span} from '../text/line.ts';

const sections: readonly Command['section'][] = ['Dialog', 'Act', 'Look', 'Move', 'Select', 'Out', 'App'];

/** The help screen: every command, those of the screen behind it first; one that can't run now says why. */
export function helpLines(state: AppState): Line[] {
  const here: Place = state.dialog === null ? currentScreen(state).id : 'dialog';
  const lines = [line(span(placeTitles[here], 'strong'))];
  lines.push(
    ...sections.flatMap(section =>
      sectionLines(state, section, command => command.places.includes(here), true),
    ),
  );
  lines.push(line(span('Elsewhere', 'strong')));
  lines.push(
    ...sections.flatMap(section =>
      sectionLines(state, section, command => !command.places.includes(here), false),
    ),
  );
  return lines;
}

function sectionLines(
  state: AppState,
  section: Command['section'],
  isMeant: (command: Command) => boolean,
  saysWhy: boolean,
): Line[] {
  const meant = keymapOf(state.preferences).commands.filter(
    command => command.section === section && isMeant(command),
  );
  if (meant.length === 0) return [];
  return [
    line(span(`  ${section}`, 'busy')),
    ...meant.map(command => commandLine(state, command, saysWhy)),
    [],
  ];
}

function commandLine(state: AppState, command: Command, saysWhy: boolean): Line {
  const keys = command.id === 'environment' ? '1-9' : command.keys.join(' ');
  const args = command.keyed?.(state, 0) ?? {};
  const why = saysWhy ? refusal(state, command, args) : null;
  return line(
    '    ',
    span(keys.padEnd(18), 'strong'),
    span(command.words, why === null ? 'plain' : 'dim'),
    ...(why === null ? [] : [span(` (${why === readOnlyRefusal ? 'read-only' : why})`, 'drift')]),
  );
}
