// Writes what is made of the table of commands: the manual page, man/gitops-tui.1, and README's table of keys.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {argv} from 'node:process';
import {fileURLToPath} from 'node:url';
import {toJsonSchema} from '@valibot/to-json-schema';
import type {Command} from '../source/app/keys/command.ts';
import {commands} from '../source/app/keys/commands.ts';
import {screens} from '../source/app/keys/places.ts';
import {shownKeys} from '../source/app/keys/shown-keys.ts';
import {sections} from '../source/app/overlays/help.ts';
import {usage} from '../source/commands/usage.ts';
import {placeholders} from '../source/preferences/placeholders.ts';
import {commandSchema, preferencesSchema} from '../source/preferences/schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const manualFile = path.join(root, 'man', 'gitops-tui.1');
export const readmeFile = path.join(root, 'README.md');

const titles: Readonly<Record<Command['section'], string>> = {
  Act: 'Act, always through a dialog',
  Look: 'Look',
  Own: 'Your own',
  Move: 'Move',
  Select: 'Find and mark',
  Out: 'Out of the app',
  App: 'The app',
  Dialog: 'In a dialog',
};

/** The manual page, in the language of man(7). */
export function manualText(): string {
  return [
    '.\\" Made by scripts/manual.ts of the table of commands. Do not edit.',
    '.TH GITOPS\\-TUI 1 "" "gitops\\-tui" "User Commands"',
    '.SH NAME',
    'gitops\\-tui \\- what git says, what runs, who changed it',
    '.SH SYNOPSIS',
    '.B gitops\\-tui',
    '[\\fIPATH\\fR | \\fICOMMAND\\fR] [\\fIOPTION\\fR...]',
    '.SH USAGE',
    '.nf',
    ...usage
      .split('\n')
      .filter((line, index, all) => line !== '' || (index > 0 && index < all.length - 1))
      .map(line => roff(line.replace(/^ {2}/, ''))),
    '.fi',
    '.SH KEYS',
    'What each key does depends on what is in front: help (\\fB?\\fR) shows what works here and now, and why the rest does not.',
    'The word in parentheses is the command\\(aqs name: the palette (\\fB:\\fR) runs it, and preferences give it other keys.',
    ...sections.flatMap(section => sectionText(section)),
    '.SH PREFERENCES',
    'Your own file, in YAML. A mistake in it is told with its line and costs what it lies in only.',
    ...described(preferencesSchema),
    '.SS A command of your own',
    ...described(commandSchema),
    '.SS Placeholders',
    'What of the selection an argument can hold. A value that begins with a dash where an option could be read is refused; \\fB{{\\fR and \\fB}}\\fR are braces.',
    ...Object.entries(placeholders).flatMap(([name, words]) => ['.TP', `\\fB{${name}}\\fR`, roff(words)]),
    '.SH FILES',
    '.TP',
    '\\fB$XDG_CONFIG_HOME/gitops\\-tui/config.yaml\\fR',
    'Your preferences; without the variable, \\fB~/.config/gitops\\-tui/config.yaml\\fR.',
    '.TP',
    '\\fB.gitops\\-tui.yaml\\fR',
    'At the repository\\(aqs root: its environments, where they are not found.',
    '.SH ENVIRONMENT',
    '.TP',
    '\\fBGITOPS_TUI_PREFERENCES\\fR',
    'Another file of preferences; \\fB\\-\\-preferences\\fR comes before it.',
    '.TP',
    '\\fBKUBECONFIG\\fR, \\fBVISUAL\\fR, \\fBEDITOR\\fR, \\fBPAGER\\fR, \\fBNO_COLOR\\fR',
    'As everywhere.',
    '',
  ].join('\n');
}

function sectionText(section: Command['section']): string[] {
  const known = commands.filter(command => command.section === section);
  if (known.length === 0) return [];
  return [
    `.SS ${titles[section]}`,
    ...known.flatMap(command => [
      '.TP',
      `\\fB${roff(shownKeys(command).join(' '))}\\fR (${roff([command.id, ...argumentsOf(command)].join(' '))})`,
      roff(`${command.words}${whereOf(command)}`),
    ]),
  ];
}

function argumentsOf({args = []}: Command): string[] {
  return args.map(({name, optional}) => (optional ? `[${name.toUpperCase()}]` : name.toUpperCase()));
}

function whereOf({places}: Command): string {
  if (screens.every(screen => places.includes(screen)) || places.every(place => place === 'dialog'))
    return '';
  return ` (${places.map(place => (place === 'overlay' ? 'texts' : place)).join(', ')})`;
}

function described(schema: Parameters<typeof toJsonSchema>[0]): string[] {
  const {properties = {}} = toJsonSchema(schema, {typeMode: 'input', ignoreActions: ['transform']});
  return Object.entries(properties).flatMap(([name, value]) =>
    name === '$schema' || typeof value !== 'object' || value.description === undefined
      ? []
      : ['.TP', `\\fB${roff(name)}\\fR`, roff(value.description)],
  );
}

/** Text as roff takes it: its own signs spelt out. */
function roff(text: string): string {
  const spelt = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '\\[u2026]');
  return /^[.']/.test(spelt) ? `\\&${spelt}` : spelt;
}

const start = '<!-- keys: made by scripts/manual.ts -->';
const end = '<!-- /keys -->';

/** README with its table of keys as it should be. Throws where it has no place for it. */
export function readmeText(readme: string): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no "${start}" … "${end}"`);
  return `${readme.slice(0, from + start.length)}\n${keyTable()}\n${readme.slice(to)}`;
}

function keyTable(): string {
  const rows = sections
    .filter(section => section !== 'Dialog' && section !== 'Own')
    .flatMap(section => [`| **${titles[section]}** | | |`, ...keyRows(section)]);
  return ['| key | what it does | where |', '|---|---|---|', ...rows].join('\n');
}

function keyRows(section: Command['section']): string[] {
  return commands
    .filter(command => command.section === section && command.keys.length > 0)
    .flatMap(command => {
      const where = command.places.filter(place => screens.some(screen => screen === place));
      if (where.length === 0) return [];
      const shown = where.length === screens.length ? '' : where.join(', ');
      return [`| ${shownKeys(command).map(code).join(' ')} | ${cell(command.words)} | ${shown} |`];
    });
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function code(key: string): string {
  const shown = key.replaceAll('|', '\\|');
  return key.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(path.dirname(manualFile), {recursive: true});
  writeFileSync(manualFile, manualText());
  writeFileSync(readmeFile, readmeText(readFileSync(readmeFile, 'utf8')));
}
