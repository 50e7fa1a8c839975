import type {Command} from '../keys/command.ts';
import {commands} from '../keys/commands.ts';
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
  const meant = commands.filter(command => command.section === section && isMeant(command));
  if (meant.length === 0) return [];
  return [
    line(span(`  ${section}`, 'busy')),
    ...meant.map(command => commandLine(state, command, saysWhy)),
    [],
  ];
}

function commandLine(state: AppState, command: Command, saysWhy: boolean): Line {
  const keys = command.id === 'environment' ? '1-9' : command.keys.join(' ');
  const why = saysWhy ? reason(state, command) : null;
  return line(
    '    ',
    span(keys.padEnd(18), 'strong'),
    span(command.words, why === null ? 'plain' : 'dim'),
    ...(why === null ? [] : [span(` (${why})`, 'drift')]),
  );
}

function reason(state: AppState, command: Command): string | null {
  if (command.danger !== null && state.readOnly) return 'read-only';
  const enabled = command.enabled?.(state) ?? true;
  return enabled === true ? null : enabled;
}
