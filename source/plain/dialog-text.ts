import {readButtons} from '../app/dialogs/buttons.ts';
import {contentOf} from '../app/dialogs/dialog-view.tsx';
import {commandNamed} from '../app/keys/keymap.ts';
import {refusal} from '../app/keys/run-command.ts';
import {type Dialog, nameToType} from '../app/state/dialogs/dialog.ts';
import {reduce} from '../app/state/reduce.ts';
import type {AppState} from '../app/state/state.ts';
import type {Line} from '../app/text/line.ts';
import {plainLook, syncLook, waitWord} from './look.ts';
import {unfolded} from './screens/text.ts';
import {dialogSentences, endless} from './words.ts';

/** The open dialog in words, and what it asks. */
export interface DialogText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly asks: Question;
}

export type Question =
  /** Nothing (yet): it is being worked out, or it runs. */
  | {readonly is: 'nothing'}
  /** One of the listed, by number. */
  | {readonly is: 'choice'; readonly count: number}
  /** `answer` typed in full does what `label` says; `blocked` is why it can't be done now. */
  | {
      readonly is: 'consent';
      readonly label: string;
      readonly answer: string;
      readonly blocked: string | null;
    }
  /** It is over. */
  | {readonly is: 'end'; readonly canRetry: boolean};

/** What the open dialog says and asks. */
export function dialogText(state: AppState, dialog: Dialog): DialogText {
  const whole = unfolded(state);
  const look = dialog.kind === 'sync' ? syncLook : plainLook;
  const props = {state: whole, dialog: whole.dialog ?? dialog, look, frame: 0, columns: endless};
  const {title, lines: drawn} = contentOf(props, props.dialog);
  const protectedWords =
    dialog.protected && dialog.environment !== '' ? ` (${dialog.environment} is protected)` : '';
  const {stage} = dialog;
  const isDecided = drawn.findLast(spans => readButtons(spans) !== null);
  const {go = null} = isDecided === undefined ? {} : (readButtons(isDecided) ?? {});
  const asks = questionOf(state, dialog, go);
  // What is over is left at once: its keys are no use any more, and what it still asks is not waited for.
  const isOver = asks.is === 'end' && !asks.canRetry;
  const lines = drawn.filter(spans => readButtons(spans) === null && !(isOver && isPassing(spans)));
  return {
    title: title + protectedWords,
    lines:
      stage.at === 'shown'
        ? revealedLines(stage)
        : stage.at === 'choosing'
          ? choiceLines(dialog, dialogSentences(lines))
          : dialogSentences(lines),
    asks,
  };
}

/** A line that begins with a key, or that waits for something. */
function isPassing(spans: Line): boolean {
  const first = spans.find(({text}) => text.trim() !== '');
  if (first === undefined) return false;
  return first.text.startsWith(waitWord) || (first.tone === 'strong' && [...first.text].length === 1);
}

function questionOf(state: AppState, dialog: Dialog, go: string | null): Question {
  const {stage} = dialog;
  if (stage.at === 'planning' || stage.at === 'running' || stage.at === 'writing') return {is: 'nothing'};
  const choices = choicesOf(dialog);
  if (choices !== null && choices.length > 0) return {is: 'choice', count: choices.length};
  if (go === null) {
    const retry = commandNamed(state.preferences, 'retry');
    return {
      is: 'end',
      canRetry: stage.at !== 'shown' && retry !== undefined && refusal(state, retry) === null,
    };
  }
  const focused = reduce(state, {type: 'dialog-focus', focus: 'go'}, state.now);
  const press = commandNamed(state.preferences, 'press');
  const blocked = press === undefined ? null : refusal(focused, press);
  const label = go.toLowerCase();
  return {is: 'consent', label, answer: nameToType(dialog) ?? label, blocked};
}

/** What there is to choose from; null where nothing is chosen. */
export function choicesOf(dialog: Dialog): readonly string[] | null {
  if (dialog.stage.at !== 'choosing') return null;
  if (dialog.kind === 'reveal') return dialog.keys;
  return dialog.kind === 'context' && 'contexts' in dialog.stage
    ? dialog.stage.contexts.map(({name}) => name)
    : null;
}

/** The lines of a choice, those that can be chosen by number; what is said of keys is said by the prompt here. */
function choiceLines(dialog: Dialog, lines: readonly string[]): string[] {
  const choices = choicesOf(dialog) ?? [];
  if (choices.length === 0) return [...lines];
  const [question = '', ...rest] = lines;
  const listed = choices.map((name, index) => {
    const told = rest
      .map(text => text.replace(/^> /, ''))
      .find(text => text === name || text.startsWith(`${name}, `));
    return `${index + 1}. ${told ?? name}`;
  });
  const warning = dialog.kind === 'reveal' ? ['What is shown stays in the scrollback of this terminal.'] : [];
  return [question, ...listed, ...warning];
}

/** A secret's values as they are: what is printed can't be taken back, so nothing says that it will be hidden. */
function revealedLines(stage: Extract<Dialog['stage'], {at: 'shown'}>): string[] {
  const {git, live} = stage.revealed;
  const words = (side: typeof git): string[] => {
    if ('none' in side) return [side.none];
    if ('bytes' in side) return [`binary, ${side.bytes} bytes`];
    return side.text === '' ? ['empty'] : side.text.replace(/\n$/, '').split('\n');
  };
  const listed = (name: string, [first = '', ...rest]: string[]) => [`${name}: ${first}`, ...rest];
  return [`Key ${stage.key}`, ...listed('git', words(git)), ...listed('live', words(live))];
}

/** What a dialog says while it works: its first line, the way to stop it. */
export function workingLine(state: AppState, dialog: Dialog): string {
  const {title, lines} = dialogText(state, dialog);
  const stop = lines.find(text => /\besc\b/.test(text));
  return dialog.stage.at === 'running'
    ? `${title}: ${stop?.replace(/\besc\b/, 'stop') ?? 'it runs'}`
    : `${title}: ${lines[0] ?? ''}`;
}
