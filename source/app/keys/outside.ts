import {formatIdentity} from '../../resources/identity.ts';
import type {SourceLocation} from '../../resources/problem.ts';
import {chosenRow} from '../state/environment-screen.ts';
import {chosenImage} from '../state/images-screen.ts';
import {chosenPromotion} from '../state/promotion-screen.ts';
import {chosenRequest} from '../state/pull-requests-screen.ts';
import {chosenRevision} from '../state/revisions-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../state/state.ts';
import {chosenVersion} from '../state/versions-screen.ts';

/** The address of the pull request that a dialog's result tells of; null where there is none. */
export function openable(state: AppState): string | null {
  const {dialog} = state;
  if (dialog?.kind === 'merge') return dialog.request.url;
  if (dialog === null) {
    const screen = currentScreen(state);
    if (screen.id !== 'pull-requests') return null;
    if (screen.answer?.forge === null) return screen.answer.url;
    return chosenRequest(state, screen)?.url ?? null;
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
  const screen = currentScreen(state);
  switch (screen.id) {
    case 'overview':
      return state.session?.demoHint ?? currentEnvironment(state)?.environment.name ?? null;
    case 'environment': {
      const row = chosenRow(state, screen);
      if (row === undefined) return null;
      if (row.kind === 'namespace') return row.namespace;
      return row.kind === 'field' ? row.field.path : formatIdentity(row.resource.id);
    }
    case 'pull-requests':
      return openable(state);
    case 'images': {
      const chosen = chosenImage(screen);
      return chosen?.target ?? chosen?.image ?? null;
    }
    case 'promotion': {
      const row = chosenPromotion(screen);
      return row?.kind === 'item' ? (row.item.wanted ?? row.item.subject) : null;
    }
    case 'versions':
      return chosenVersion(screen).cell?.image ?? null;
    case 'revisions':
      return chosenRevision(screen)?.sha ?? null;
  }
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
