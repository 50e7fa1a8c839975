import type {ContextChoice} from '../../session.ts';
import {choose, chosenIndex, emptyList, step} from '../lists/list.ts';
import {armingTime, type ContextDialog, type DialogInput, type DialogOutcome} from './dialog.ts';

/** Opens the dialog that gives an environment its kubeconfig context; what there is to choose from is asked for. */
export function openContext(
  environment: {name: string; protected: boolean},
  readOnly: boolean,
  now: number,
): DialogOutcome {
  return list({
    kind: 'context',
    environment: environment.name,
    protected: environment.protected,
    armedAt: now + armingTime,
    focus: 'cancel',
    readOnly,
    stage: {at: 'planning'},
  });
}

/** The dialog after what happened to it; `height` is the number of contexts that are visible. */
export function reduceContext(
  dialog: ContextDialog,
  input: DialogInput,
  now: number,
  height: number,
): DialogOutcome {
  const {stage} = dialog;
  switch (input.type) {
    case 'dialog-scroll': {
      if (stage.at !== 'choosing') return {dialog};
      const moved = step(stage.list, input.by, namesOf(stage.contexts), height);
      return {dialog: {...dialog, stage: {...stage, list: moved}}};
    }
    case 'dialog-focus': {
      const canWrite = stage.at === 'asking' && canBeWritten(dialog);
      const focus = input.focus ?? (dialog.focus === 'go' ? 'cancel' : 'go');
      return {dialog: canWrite ? {...dialog, focus} : dialog};
    }
    case 'dialog-press':
      return press(dialog);
    case 'dialog-leave':
      // The file is being replaced: that takes a moment, and what became of it is told.
      return {dialog: stage.at === 'writing' ? dialog : null};
    case 'dialog-retry':
      return stage.at === 'failed' ? list({...dialog, armedAt: now + armingTime}) : {dialog};
    case 'answer': {
      const {answer} = input;
      if (answer.name === 'contexts') return {dialog: offered(dialog, answer.value, height)};
      if (answer.name !== 'setContext') return {dialog};
      if (stage.at === 'writing') return {dialog: {...dialog, stage: {at: 'written', chosen: answer.value}}};
      const asking = {at: 'asking', chosen: answer.value} as const;
      return {dialog: {...dialog, armedAt: now + armingTime, focus: 'cancel', stage: asking}};
    }
    case 'problem':
      return {dialog: {...dialog, stage: {at: 'failed', problem: input.problem}}};
    default:
      return {dialog};
  }
}

/** True where the choice can be written into the config file. */
export function canBeWritten({readOnly, stage}: ContextDialog): boolean {
  return stage.at === 'asking' && !readOnly && stage.chosen.note.reason === null;
}

function list(dialog: ContextDialog): DialogOutcome {
  return {dialog: {...dialog, focus: 'cancel', stage: {at: 'planning'}}, ask: {name: 'contexts'}};
}

/** The contexts by name, none chosen by itself but the first: the current one may be the wrong cluster as well as any. */
function offered(dialog: ContextDialog, contexts: readonly ContextChoice[], height: number): ContextDialog {
  const sorted = contexts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const first = choose(emptyList, 0, namesOf(sorted), height);
  return {...dialog, stage: {at: 'choosing', contexts: sorted, list: first}};
}

function press(dialog: ContextDialog): DialogOutcome {
  const {environment, stage} = dialog;
  if (stage.at === 'choosing') {
    const chosen = stage.contexts[chosenIndex(stage.list, namesOf(stage.contexts))];
    if (chosen === undefined) return {dialog: null};
    return {
      dialog: {...dialog, stage: {at: 'planning'}},
      ask: {name: 'setContext', environment, context: chosen.name, write: false},
    };
  }
  if (stage.at === 'asking' && dialog.focus === 'go' && canBeWritten(dialog)) {
    const context = stage.chosen.environment.context ?? '';
    return {
      dialog: {...dialog, stage: {at: 'writing', chosen: stage.chosen}},
      ask: {name: 'setContext', environment, context, write: true},
    };
  }
  return {dialog: stage.at === 'writing' ? dialog : null};
}

function namesOf(contexts: readonly ContextChoice[]): string[] {
  return contexts.map(({name}) => name);
}
