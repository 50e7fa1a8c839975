import type {SourceLocation} from '../../resources/problem.ts';
import {shown} from '../state/screen-kinds.ts';
import {chosenRow} from '../state/screens/environment-screen.ts';
import {openableRequest} from '../state/screens/pull-requests-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../state/state.ts';
import type {ClusterPlace} from './command.ts';

/** The address of the pull request that a dialog's result tells of; null where there is none. */
export function openable(state: AppState): string | null {
  const {dialog} = state;
  if (dialog?.kind === 'merge') return dialog.request.url;
  if (dialog === null) {
    const screen = currentScreen(state);
    return screen.id === 'pull-requests' ? openableRequest(state, screen) : null;
  }
  if (!('outcome' in dialog.stage)) return null;
  const opened = dialog.stage.outcome.pullRequest;
  if (opened === null) return null;
  return opened.opened ? opened.url : opened.compareUrl;
}

/** What `c` copies here; null for nothing. */
export function copyable(state: AppState): string | null {
  const {dialog} = state;
  if (dialog !== null) {
    if (dialog.kind === 'context') return 'chosen' in dialog.stage ? dialog.stage.chosen.note.lines : null;
    if (!('outcome' in dialog.stage)) return dialog.kind === 'merge' ? openable(state) : null;
    return openable(state) ?? dialog.stage.outcome.branch;
  }
  const {screen, kind} = shown(state);
  return kind.copyable(state, screen);
}

/** The file of the repository that the chosen row comes from, with its whole path; null where it has none. */
export function editable(state: AppState): SourceLocation | null {
  const screen = currentScreen(state);
  if (screen.id !== 'environment' || state.repository === null) return null;
  const row = chosenRow(state, screen);
  if (row === undefined || row.kind === 'namespace') return null;
  const location = (row.kind === 'field' ? row.field.location : undefined) ?? row.resource.source;
  if (location === null || location === undefined) return null;
  return {file: `${state.repository.path}/${location.file}`, line: location.line};
}

/** The place in a cluster that is chosen; a reason where there is none. */
export function chosenPlace(state: AppState): ClusterPlace | string {
  const known = currentEnvironment(state);
  if (known === undefined) return 'choose an environment first';
  const {name, context, namespace} = known.environment;
  if (context === null) return `${name} has no kubeconfig context`;
  const screen = currentScreen(state);
  const row = screen.id === 'environment' ? chosenRow(state, screen) : undefined;
  if (row === undefined) return {context, namespace, kind: null};
  if (row.kind === 'namespace') return {context, namespace: row.namespace || null, kind: null};
  return {context, namespace: row.resource.id.namespace || null, kind: row.resource.id.kind};
}
