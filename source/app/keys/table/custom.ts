import {matchesGlob} from '../../../drift/glob.ts';
import {type Filling, filled} from '../../../preferences/placeholders.ts';
import type {CustomCommand, Preferences} from '../../../preferences/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import type {ProgramOrder} from '../../session.ts';
import {chosenRow} from '../../state/screens/environment-screen.ts';
import {chosenRevision} from '../../state/screens/revisions-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Command, Outside} from '../command.ts';
import type {LookingAction} from '../danger.ts';
import {editable} from '../outside.ts';
import {screens} from '../places.ts';

/** A command of the user's own, and where it stands in the file. */
export interface OwnCommand {
  readonly command: Command;
  readonly custom: CustomCommand;
}

/**
 * The user's own commands as commands like all others; their keys are still to be checked against the rest. One that can't
 * be is a problem: its name is another command's, a screen is unknown.
 */
export function ownCommands(
  {commands: customs}: Preferences,
  taken: readonly Command[],
): {own: OwnCommand[]; problems: Problem[]} {
  const own: OwnCommand[] = [];
  const problems: Problem[] = [];
  for (const custom of customs) {
    const id = idOf(custom.name);
    const refuse = (message: string, fix: string) => {
      problems.push({severity: 'error', message: `"${custom.name}": ${message}`, fix, location: custom.at});
    };
    const unknown = custom.places?.find(place => !screens.some(screen => screen === place));
    if (id === '') refuse('its name has no letter', 'give it another name');
    else if ([...taken, ...own.map(({command}) => command)].some(command => command.id === id))
      refuse(`there is a command ${id} already`, 'give it another name');
    else if (unknown !== undefined) refuse(`"${unknown}" is no screen`, `there are ${screens.join(', ')}`);
    else own.push({custom, command: commandOf(custom, id)});
  }
  return {own, problems};
}

/** Its word in the palette. */
function idOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

function commandOf(custom: CustomCommand, id: string): Command {
  const {name, changes, confirm, run} = custom;
  const base = {
    id,
    keys: [],
    words: `${name}: ${run.join(' ')}`,
    hint: name,
    section: 'Own' as const,
    places: screens.filter(screen => custom.places?.includes(screen) ?? true),
    enabled: (state: AppState) => {
      const order = orderOf(state, custom);
      return typeof order === 'string' ? order : true;
    },
  };
  if (changes) return {...base, danger: 'program', run: state => opened(state, custom)};
  return {
    ...base,
    danger: null,
    run(state): LookingAction | Outside {
      if (confirm) return opened(state, custom);
      const order = orderOf(state, custom);
      if (typeof order === 'string') return {type: 'say', text: order, tone: 'drift'};
      if (order.in !== 'terminal') return {type: 'run-program', order};
      return {do: 'program', program: programOf(order)};
    },
  };
}

function opened(state: AppState, custom: CustomCommand): LookingAction {
  const order = orderOf(state, custom);
  if (typeof order === 'string') return {type: 'say', text: order, tone: 'drift'};
  return {type: 'open-program', order};
}

/** A program as it is started. */
export function programOf({argv: [file = '', ...args]}: ProgramOrder): {
  file: string;
  args: readonly string[];
} {
  return {file, args};
}

/** What a command would run here and now; else why it can't, as a sentence without its stop. */
function orderOf(state: AppState, custom: CustomCommand): ProgramOrder | string {
  const unmet = unmetBy(state, custom);
  if (unmet !== null) return unmet;
  const environment = currentEnvironment(state)?.environment.name ?? null;
  if (custom.changes && environment === null) return 'choose an environment first';
  const result = filled(custom.run, fillingOf(state));
  if ('mistake' in result) return result.mistake;
  const {name, changes} = custom;
  return {name, argv: result.argv, in: custom.in, changes, environment};
}

/** What its `when` asks for and is not so. */
function unmetBy(state: AppState, {when}: CustomCommand): string | null {
  const {kind, status, environment, readOnly} = when;
  if (readOnly !== undefined && readOnly !== state.readOnly)
    return readOnly ? 'it is for a read-only session' : 'it is not for a read-only session';
  const known = currentEnvironment(state);
  if (environment !== undefined && !(known && matchesGlob(environment, known.environment.name)))
    return `it is for environments that match ${environment}`;
  const chosen = chosenResource(state);
  if (kind !== undefined && !(chosen && kind.includes(chosen.id.kind)))
    return `choose a resource of kind ${kind.join(' or ')}`;
  const now = chosen?.status ?? known?.report?.syncStatus;
  if (status !== undefined && !(now !== undefined && status.includes(now)))
    return `it is for ${status.join(' or ')}`;
  return null;
}

function chosenResource(state: AppState) {
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  return row === undefined || row.kind === 'namespace' ? undefined : row.resource;
}

/** What the placeholders stand for. Never a value of a field: one may be secret. */
export function fillingOf(state: AppState): Filling {
  const screen = currentScreen(state);
  const environment = currentEnvironment(state)?.environment;
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  const resource = chosenResource(state);
  const namespace = row?.kind === 'namespace' ? row.namespace : resource?.id.namespace;
  const place = editable(state);
  const known: Record<keyof Filling, string | null | undefined> = {
    environment: environment?.name,
    context: environment?.context,
    branch: environment?.branch,
    // A resource of the whole cluster is in none.
    namespace: resource === undefined ? (namespace ?? environment?.namespace) : namespace,
    kind: resource?.id.kind,
    group: resource?.id.group,
    name: resource?.id.name,
    status: resource?.status,
    commit: screen.id === 'revisions' ? chosenRevision(screen)?.sha : undefined,
    repository: state.repository?.path,
    file: place?.file,
    line: place === null ? undefined : String(place.line),
  };
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
}
