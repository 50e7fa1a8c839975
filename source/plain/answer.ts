import type {Store} from '../app/effects/store.ts';
import {type Outside, textField} from '../app/keys/command.ts';
import {dispatch} from '../app/keys/dispatch.ts';
import {commandNamed} from '../app/keys/keymap.ts';
import {runCommand} from '../app/keys/run-command.ts';
import {chosenIndex} from '../app/state/lists/list.ts';
import {reduce} from '../app/state/reduce.ts';
import {choicesOf, type DialogText, type Question} from './dialog-text.ts';
import {meaningOf} from './meaning.ts';

/** Words that leave a dialog, and nothing else. An empty line is one too. */
const noes: ReadonlySet<string> = new Set(['', 'no', 'cancel', 'leave', 'back', 'esc', 'q', 'close', 'stop']);

/** True for a line that only leaves, or stops. */
export function isNo(text: string): boolean {
  return text.trim() !== '' && noes.has(text.trim().toLowerCase());
}

interface Desk {
  readonly store: Store;
  readonly now: () => number;
  say(lines: readonly string[]): void;
  outside(what: Outside): void;
}

/** What a line does while a dialog is open. `asked` is what was printed and asked; null while it is worked out or runs. */
export function answerDialog(desk: Desk, text: string, asked: DialogText | null): void {
  const {store, say} = desk;
  const {dialog} = store.state();
  if (dialog === null) return;
  const field = textField(store.state());
  if (field !== null) {
    if (text === '') press(desk, 'esc');
    else {
      store.dispatch({type: 'text', text});
      press(desk, 'enter');
    }
    return;
  }
  const word = text.toLowerCase();
  if (dialog.stage.at === 'running' && word === '') return;
  const {asks} = asked ?? {};
  if (noes.has(word)) leave(desk);
  else if (asks?.is === 'choice' && /^\d{1,6}$/.test(text)) choose(desk, Number(text), asks.count);
  else if (asks?.is === 'consent' && isConsent(asks, text)) consent(desk, asks);
  else if (asks?.is === 'consent' && (word === asks.label || /^y(?:es)?$/.test(word))) say([howTo(asks)]);
  else runOption(desk, text, asks);
}

/** A name is taken letter by letter; the word of the button in any case. */
function isConsent({answer, label}: Extract<Question, {is: 'consent'}>, text: string): boolean {
  return answer === label ? text.toLowerCase() === answer : text === answer;
}

/** A line that is no answer: an option of the dialog. */
function runOption(desk: Desk, text: string, asks: Question | undefined): void {
  const meaning = meaningOf(desk.store.state(), text);
  if (meaning.is === 'several')
    desk.say([`${text} is the beginning of: ${meaning.commands.map(({id}) => id).join(', ')}`]);
  else if (meaning.is !== 'command' || isOfButtons(meaning.command))
    desk.say([`"${text}" is no answer here. ${howTo(asks)}`]);
  else run(desk, meaning.command.id, meaning.called, meaning.rest);
}

/** How what is asked is answered, in a sentence. */
export function howTo(asks: Question | undefined): string {
  switch (asks?.is) {
    case 'consent':
      if (asks.blocked !== null)
        return `It can't be done like this: ${asks.blocked}. An option changes it, an empty line or no cancels.`;
      return `Type ${asks.answer} in full${asks.answer === asks.label ? '' : ` to ${asks.label}`}; an empty line or no cancels.`;
    case 'choice':
      return `Type a number from 1 to ${asks.count}; an empty line or no cancels.`;
    case 'end':
      return 'retry tries again, an empty line closes.';
    default:
      return 'Nothing is asked yet; no or stop ends it.';
  }
}

/** The buttons are words here: no key of them may stand for the word that must be typed. */
function isOfButtons({id, section}: {id: string; section: string}): boolean {
  return id === 'press' || id === 'focus' || section === 'Move';
}

function consent(desk: Desk, asks: Extract<Question, {is: 'consent'}>): void {
  const {store, say} = desk;
  if (asks.blocked !== null) {
    say([howTo(asks)]);
    return;
  }
  store.dispatch({type: 'dialog-focus', focus: 'go'});
  run(desk, 'press', asks.answer, '');
  if (textField(store.state())?.name === 'name') {
    store.dispatch({type: 'text', text: asks.answer});
    press(desk, 'enter');
  }
  // Where it was refused after all, the button must not stay pressed in.
  if (store.state().dialog?.focus === 'go' && store.state().dialog?.stage.at !== 'running')
    store.dispatch({type: 'dialog-focus', focus: 'cancel'});
}

function choose(desk: Desk, number: number, count: number): void {
  const {store, say} = desk;
  const {dialog} = store.state();
  if (dialog === null || dialog.stage.at !== 'choosing') return;
  if (number < 1 || number > count) {
    say([`There is no ${number}: 1 to ${count}.`]);
    return;
  }
  const at = chosenIndex(dialog.stage.list, choicesOf(dialog) ?? []);
  store.dispatch({type: 'dialog-scroll', by: number - 1 - at}, {type: 'dialog-press'});
}

function leave(desk: Desk): void {
  const {store, say} = desk;
  const before = store.state().dialog?.stage.at;
  // At once, however new the dialog is: leaving changes nothing.
  store.dispatch({type: 'dialog-leave'});
  if (store.state().dialog !== null || before === undefined) return;
  const isOver = before === 'result' || before === 'failed' || before === 'shown' || before === 'written';
  if (!isOver) say(['Cancelled: nothing was changed.']);
}

/** Runs a command of the dialog; where it opens a field, the rest of the line is what is written into it. */
function run(desk: Desk, id: string, called: string, rest: string): void {
  const {store, say, now} = desk;
  const command = commandNamed(store.state().preferences, id);
  if (command === undefined) return;
  const {actions, outside} = runCommand(store.state(), command, called, now());
  const takesText =
    textField(actions.reduce((next, action) => reduce(next, action, now()), store.state())) !== null;
  if (rest !== '' && !takesText) {
    say([`${called} takes no words: nothing was done.`]);
    return;
  }
  store.dispatch(...actions);
  if (outside !== null) desk.outside(outside);
  if (rest === '') return;
  store.dispatch({type: 'text', text: rest});
  press(desk, 'enter');
}

/** A key that the open text field takes. */
function press({store, now}: Desk, key: string): void {
  store.dispatch(...dispatch(store.state(), key, now()).actions);
}
