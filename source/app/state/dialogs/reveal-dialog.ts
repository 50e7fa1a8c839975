import type {FieldPath} from '../../../resources/field-path.ts';
import {isObject, objectAt, stringAt} from '../../../resources/json.ts';
import {choose, chosenIndex, emptyList, scroll, step} from '../lists/list.ts';
import type {TreeRow} from '../screens/tree.ts';
import type {EnvironmentState} from '../state.ts';
import {armingTime, type DialogInput, type DialogOutcome, type RevealDialog} from './dialog.ts';

/** How long a value is shown, in ms. */
export const shownTime = 30_000;

/**
 * What of a row can be revealed: the key of a field's row, all keys of a Secret's own row; else why nothing can, as a
 * sentence without its stop.
 */
export function revealable(row: TreeRow | undefined): Pick<RevealDialog, 'secret' | 'keys'> | string {
  if (row === undefined || row.kind === 'namespace') return 'choose a Secret, or a key of one';
  const {id, desired, live} = row.resource;
  if (id.kind !== 'Secret' || id.group !== '')
    return `${id.kind} ${id.name} is no Secret: nothing of it is masked`;
  const liveName = stringAt(objectAt(live ?? {}, 'metadata'), 'name') ?? id.name;
  const secret = {namespace: id.namespace, name: id.name, liveName};
  if (row.kind === 'field') {
    const key = keyOf(row.field.elements);
    return key === null ? `${row.field.path} is no key of the Secret's data` : {secret, keys: [key]};
  }
  const keys = new Set([desired, live].flatMap(object => Object.keys(objectAt(object ?? {}, 'data'))));
  for (const key of Object.keys(objectAt(desired ?? {}, 'stringData'))) keys.add(key);
  return keys.size === 0 ? `Secret ${id.name} holds no value` : {secret, keys: [...keys].sort()};
}

function keyOf([map, key]: FieldPath): string | null {
  if (map?.type !== 'field' || key?.type !== 'field') return null;
  return map.name === 'data' || map.name === 'stringData' ? key.name : null;
}

/** Opens the dialog that shows one secret value; where there are several keys, one is chosen first. */
export function openReveal(
  {environment}: EnvironmentState,
  what: Pick<RevealDialog, 'secret' | 'keys'>,
  now: number,
  height: number,
): DialogOutcome {
  const dialog: RevealDialog = {
    ...what,
    kind: 'reveal',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    stage: {at: 'choosing', list: choose(emptyList, 0, what.keys, height)},
  };
  return what.keys.length === 1 ? asked(dialog, what.keys[0] ?? '') : {dialog};
}

/** The dialog after what happened to it; `height` is the number of keys, or of lines of a value, that are visible. */
export function reduceReveal(
  dialog: RevealDialog,
  input: DialogInput,
  now: number,
  height: number,
): DialogOutcome {
  const {stage, keys} = dialog;
  switch (input.type) {
    case 'dialog-scroll': {
      if (stage.at === 'choosing')
        return {dialog: {...dialog, stage: {...stage, list: step(stage.list, input.by, keys, height)}}};
      if (stage.at !== 'shown') return {dialog};
      const length = Math.max(lineCount(stage.revealed.git), lineCount(stage.revealed.live));
      // Moving hides a value, but for one that is too long to be seen without.
      if (length <= valueLines(height)) return {dialog: null};
      return {
        dialog: {...dialog, stage: {...stage, top: scroll(stage.top, input.by, length, valueLines(height))}},
      };
    }
    case 'dialog-press':
      return stage.at === 'choosing'
        ? asked(dialog, keys[chosenIndex(stage.list, keys)] ?? '')
        : {dialog: null};
    case 'dialog-retry':
      return stage.at === 'failed' ? asked(dialog, stage.key) : {dialog: null};
    case 'answer':
      if (input.answer.name !== 'reveal' || stage.at !== 'planning') return {dialog};
      return {
        dialog: {
          ...dialog,
          stage: {at: 'shown', key: stage.key, revealed: input.answer.value, until: now + shownTime, top: 0},
        },
      };
    case 'problem':
      if (stage.at !== 'planning') return {dialog};
      return {dialog: {...dialog, stage: {at: 'failed', key: stage.key, problem: input.problem}}};
    case 'dialog-leave':
      return {dialog: null};
    default:
      return {dialog};
  }
}

/** Lines of one side that have room where the dialog has room for `height` rows. */
export function valueLines(height: number): number {
  return Math.max(1, Math.floor(height / 2));
}

/** True where the clock has run out for a value that is shown. */
export function isOver(dialog: RevealDialog, now: number): boolean {
  return dialog.stage.at === 'shown' && now >= dialog.stage.until;
}

function lineCount(side: Parameters<typeof isObject>[0]): number {
  return isObject(side) && typeof side['text'] === 'string' ? side['text'].split('\n').length : 1;
}

function asked(dialog: RevealDialog, key: string): DialogOutcome {
  const {environment, secret} = dialog;
  return {
    dialog: {...dialog, stage: {at: 'planning', key}},
    ask: {name: 'reveal', environment, wanted: {...secret, key}},
  };
}
