import {keyWord} from '../keys/key-words.ts';
import {checkedAtOf} from '../state/inspections.ts';
import {countSteps} from '../state/screens/sync-run.ts';
import {runningSyncs} from '../state/screens/sync-screen.ts';
import type {AppState, EnvironmentState} from '../state/state.ts';
import {currentEnvironment, currentScreen} from '../state/state.ts';
import {busySince, cancellable, isCounted} from '../state/waiting.ts';
import {ago, secondsWords} from '../text/age.ts';
import {type Line, line, type Span, span, spread} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {shortRevision} from '../text/value.ts';
import {Row} from './row.tsx';

/** The one line at the top: where we are, what git says, whether changes are possible, how old the answer is. */
export function Header({state, look, frame}: {state: AppState; look: Look; frame: number}) {
  return <Row spans={headerLine(state, look, frame)} look={look} />;
}

function headerLine(state: AppState, look: Look, frame: number): Line {
  const screen = currentScreen(state);
  const name = state.dialog?.environment ?? (screen.id === 'overview' ? null : screen.environment);
  const known = state.environments.find(({environment}) => environment.name === name);
  const left = known === undefined ? repositoryPart(state, look) : environmentPart(state, known, look);
  return spread(
    [span(' '), ...left],
    rightPart(state, look, frame),
    state.size.columns,
    look.glyphs.ellipsis,
  );
}

function repositoryPart(state: AppState, look: Look): Span[] {
  const {repository} = state;
  if (repository === null) return [span('gitops-tui', 'strong')];
  return [span(repository.name, 'strong'), span(' '), ...gitPart(state, look)];
}

function environmentPart(state: AppState, known: EnvironmentState, look: Look): Span[] {
  const {environment} = known;
  const name = environment.protected
    ? span(` ${environment.name} PROTECTED `, 'alarm')
    : known.rule?.straight === false
      ? span(` ${environment.name} PR ONLY `, 'alarm')
      : span(environment.name, 'strong');
  return [name, span(`  ${environment.context ?? 'no context'}  `), ...gitPart(state, look)];
}

function gitPart(state: AppState, look: Look): Span[] {
  const {repository, session} = state;
  if (repository === null) return [];
  const {down, up} = look.glyphs;
  const behind = (repository.behind ?? 0) > 0 ? ` ${down}${repository.behind}` : '';
  const ahead = (repository.ahead ?? 0) > 0 ? ` ${up}${repository.ahead}` : '';
  const parts = [
    span(`${repository.branch ?? 'detached'}@${shortRevision(repository.head)}${behind}${ahead}`),
  ];
  if (session?.worktree === true) parts.push(span('  '), span('WORKING TREE, not commits', 'drift'));
  return parts;
}

function rightPart(state: AppState, look: Look, frame: number): Line {
  const parts: (string | Span)[] = ['  ', ...syncPart(state)];
  parts.push(...waitPart(state, look, frame));
  parts.push(state.readOnly ? span('RO', 'drift') : 'RW', '  ');
  const checkedAt = checkedOf(state);
  if (checkedAt !== null) parts.push(span(ago(checkedAt, state.now), 'dim'), '  ');
  const help = keyWord(state, 'help');
  parts.push(help.length === 1 ? `${help}help ` : `${help} help `);
  return line(...parts);
}

/** That something is waited for; later for how long, and how it is cancelled. */
function waitPart(state: AppState, look: Look, frame: number): Span[] {
  const since = busySince(state);
  if (since === null || frame < 0) return [];
  const spinner = span(spinnerOf(look.glyphs, frame), 'busy');
  const what = cancellable(state);
  if (what === undefined || !isCounted(what.since, state.now)) return [spinner, span('  ')];
  return [spinner, span(` ${secondsWords(state.now - what.since)}, esc cancels  `, 'busy')];
}

/** The syncs that run behind what is shown: `syncing production 12/214`. */
function syncPart(state: AppState): Span[] {
  const shown = currentScreen(state);
  const hidden = runningSyncs(state).filter(
    ({environment}) => !(shown.id === 'sync' && shown.environment === environment),
  );
  const [first] = hidden;
  if (first === undefined) return [];
  const {done, total} = countSteps(first);
  const words =
    hidden.length > 1 ? `syncing ${hidden.length}` : `syncing ${first.environment} ${done}/${total}`;
  return [span(words, 'busy'), span('  ')];
}

/** When the shown answer came: of the environment, on the overview of the oldest one. */
function checkedOf(state: AppState): number | null {
  const screen = currentScreen(state);
  if (screen.id === 'overview') {
    const times = state.environments.flatMap(known => checkedAtOf(known, state.now) ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }
  const known = currentEnvironment(state);
  const checkedAt = known === undefined ? null : checkedAtOf(known, state.now);
  // The matrix is as of when it was read: it does not follow what runs.
  const readAt = screen.id === 'versions' ? screen.readAt : null;
  return checkedAt === null || readAt === null ? checkedAt : Math.min(checkedAt, readAt);
}
