import type {AdoptRequest, RevertRequest} from '../../session.ts';
import {sharedBy} from '../../state/dialogs/adoption.ts';
import type {AppState} from '../../state/state.ts';
import type {Command} from '../command.ts';
import type {LookingAction} from '../danger.ts';
import {keyWord} from '../key-words.ts';

const base = {section: 'Dialog', danger: null, places: ['dialog']} as const;

/** The ways of a revert, and of an adoption in files that others share. */
export const wayCommands: readonly Command[] = [
  {
    ...base,
    id: 'restore',
    keys: ['m'],
    words: 'revert: restore the folder as one commit',
    enabled: state => canChooseWay(state, 'restore'),
    run: state => chooseWay(state, 'restore'),
  },
  {
    ...base,
    id: 'revert-commits',
    keys: ['t'],
    words: 'revert: undo each commit, in other folders too',
    enabled: state => canChooseWay(state, 'revert-commits'),
    run: state => chooseWay(state, 'revert-commits'),
  },
  {
    ...base,
    id: 'environment-only',
    keys: ['i'],
    words: 'revert: undo each commit inside this environment only',
    enabled: state =>
      revertOf(state) === null ? 'only a revert undoes commits' : canChooseWay(state, 'environment-only'),
    run: state => chooseWay(state, 'environment-only'),
  },
  {
    ...base,
    id: 'alone',
    keys: ['u'],
    words: 'revert: undo the chosen commit alone, or all after it',
    enabled: canBeAlone,
    run: toggleAlone,
  },
  {
    ...base,
    id: 'mainline',
    keys: ['n'],
    words: 'revert: undo merges to another parent',
    enabled: state => (mergesOf(state) > 0 ? true : 'there is no merge to undo'),
    run: nextMainline,
  },
];

/** The revert of the open dialog while it can be changed. */
function revertOf({dialog}: AppState): RevertRequest | null {
  if (dialog?.kind !== 'change' || (dialog.stage.at !== 'preview' && dialog.stage.at !== 'planning'))
    return null;
  return dialog.request.kind === 'revert' ? dialog.request : null;
}

function canChooseWay(state: AppState, mode: RevertRequest['mode']): true | string {
  const now = revertOf(state)?.mode ?? modeOf(adoptionOf(state));
  if (now === null) return 'only a revert, and an adoption in files that others share, have ways';
  return now === mode ? 'it is this way already' : true;
}

/** An adoption in files that others share goes by the keys of a revert of commits, one in the environment's own by the other's. */
function modeOf(adoption: AdoptRequest | null): RevertRequest['mode'] | null {
  if (adoption === null) return null;
  return adoption.inShared === true ? 'revert-commits' : 'restore';
}

function adoptionOf({dialog}: AppState): AdoptRequest | null {
  if (dialog?.kind !== 'change' || (dialog.stage.at !== 'preview' && dialog.stage.at !== 'planning'))
    return null;
  const {request, stage} = dialog;
  if (request.kind !== 'adopt') return null;
  const preview = stage.at === 'preview' && stage.preview.kind === 'adopt' ? stage.preview : null;
  const isShared = request.inShared === true || (preview !== null && sharedBy(preview).length > 0);
  return isShared ? request : null;
}

/** The chosen way of the open change; the way that it has already changes nothing. */
function chooseWay(state: AppState, mode: RevertRequest['mode']): LookingAction {
  const adoption = adoptionOf(state);
  if (adoption !== null) {
    return {type: 'dialog-request', request: {...adoption, inShared: mode === 'revert-commits'}};
  }
  const request = revertOf(state);
  if (request === null || request.mode === mode) return {type: 'hush'};
  const only = mode !== 'restore' && request.only === true;
  return {type: 'dialog-request', request: {...request, mode, only}};
}

function canBeAlone(state: AppState): true | string {
  const request = revertOf(state);
  if (request === null) return 'only a revert undoes commits';
  if (request.mode === 'restore')
    return `a restore brings the folder back: ${keyWord(state, 'revert-commits')} or ${keyWord(state, 'environment-only')} undo commits`;
  return request.target === null ? 'the known good commit is the one to go back to' : true;
}

function toggleAlone(state: AppState): LookingAction {
  const request = revertOf(state);
  if (request === null) return {type: 'hush'};
  return {type: 'dialog-request', request: {...request, only: request.only !== true}};
}

/** How many parents the merges of the shown revert have at most; 0 without merges. */
function mergesOf({dialog}: AppState): number {
  if (dialog?.kind !== 'change' || dialog.stage.at !== 'preview') return 0;
  const {preview} = dialog.stage;
  return preview.kind === 'revert' ? Math.max(0, ...preview.plan.merges.map(({parents}) => parents)) : 0;
}

/** All merges to the next parent that they have. */
function nextMainline(state: AppState): LookingAction {
  const request = revertOf(state);
  const most = mergesOf(state);
  if (request === null || most === 0) return {type: 'hush'};
  const now = request.mainlines?.findLast(({merge}) => merge === null)?.parent ?? 1;
  const mainlines = [{merge: null, parent: (now % most) + 1}];
  return {type: 'dialog-request', request: {...request, mainlines}};
}
