import type {Store} from '../app/effects/store.ts';
import {type Outside, textField} from '../app/keys/command.ts';
import {commandNamed} from '../app/keys/keymap.ts';
import {runCommand} from '../app/keys/run-command.ts';
import {cancelWaiting} from '../app/state/cancel.ts';
import {runningSyncs, shownRun} from '../app/state/screens/sync-screen.ts';
import {type AppState, currentScreen, environmentNamed, type Overlay} from '../app/state/state.ts';
import {plainLine} from '../text/plain.ts';
import {answerDialog, isNo} from './answer.ts';
import {changedText, wholeText} from './changes.ts';
import {completions} from './completions.ts';
import {createDialogTalk} from './dialog-talk.ts';
import {helpFor} from './help.ts';
import {type Meaning, meaningOf, type OwnWord} from './meaning.ts';
import {createNews} from './news.ts';
import {overlayLines} from './overlay-lines.ts';
import {createPager} from './pager.ts';
import {type Effect, goTo, openRow, runLine} from './run-line.ts';
import {environmentLine} from './screens/overview.ts';
import type {ShownText} from './screens/shown.ts';
import {screenText} from './screens/text.ts';
import {isAtWork, lacking, progressLine, type Wanted} from './waiting.ts';
import {placeName, promptWords} from './where.ts';

export interface TalkOptions {
  readonly store: Store;
  readonly now: () => number;
  /** Prints lines; nothing else is ever printed. */
  say(lines: readonly string[]): void;
  /** What a command does outside the state. */
  outside(what: Outside): void;
  /** Lines of a page. */
  pageRows(): number;
  /** Calls back once everything that was written to us before has been read. */
  soon(then: () => void): void;
}

/** A conversation with the app, line by line: lines in, lines out, on the same state and commands as the screen. */
export interface Talk {
  /** A line, and when it arrived. */
  line(text: string, arrivedAt: number): void;
  /** What is asked at the moment, as the prompt. */
  prompt(): string;
  /** True for a line that need not wait for what the one before it asked for. */
  takes(text: string, isTerminal: boolean): boolean;
  /** What the word at the end of a line could be. */
  complete(text: string): [string[], string];
  /** True while a change runs. */
  isRunning(): boolean;
  /** True while the answer to the last line is about to come: the prompt follows it. */
  isHolding(): boolean;
  /** True while anything that was asked for is not there yet, or runs. */
  isAtWork(): boolean;
  /** A second has passed. */
  tick(): void;
  /** Cancels what runs or is asked; false where there is nothing to cancel. */
  interrupt(): boolean;
  /** Ends it: an open question is no consent. */
  end(): void;
}

/** After this time (ms) an answer that has not come lets the prompt through, and then it is told now and then how far it is. */
const patience = 1000;
const between = 5000;

/** Starts a conversation on a store. Nothing is printed before the state says something. */
export function createTalk(options: TalkOptions): Talk {
  const {store, now, say} = options;
  const pager = createPager(options.pageRows);
  const page = (lines: readonly string[]) => say(pager.open(lines));
  const dialogs = createDialogTalk({store, now, say, page, soon: options.soon});
  const news = createNews();
  let wanted: Wanted | null = 'screen';
  let work = {since: now(), isTold: false, last: ''};
  let printed: readonly string[] = [];
  let last = store.state();
  let isBusy = false;
  let outsideWas = false;

  const want = (what: Wanted | null) => {
    wanted = what;
    work = {since: now(), isTold: false, last: ''};
  };
  const desk = {
    store,
    now,
    say,
    printed: () => printed,
    outside(what: Outside) {
      outsideWas = true;
      if (what.do === 'redraw') want('screen');
      else options.outside(what);
    },
  };

  const printScreen = (all = false) => {
    const text = screenText(store.state());
    printed = text.rows.map(({key}) => key);
    if (all) say(wholeText(text));
    else page(wholeText(text));
  };
  const printDetail = () => {
    const text = screenText(store.state());
    const {list} = currentScreen(store.state());
    const index = text.rows.findIndex(({key}) => key === list.key);
    if (printed.length === 0) printed = text.rows.map(({key}) => key);
    const number = printed.indexOf(list.key ?? '') + 1;
    const row = text.rows[index]?.text.trim() ?? '';
    const about = text.detail.filter(words => words.trim() !== row);
    page([...(row === '' ? [] : [`${number > 0 ? `${number}. ` : ''}${row}`]), ...about]);
  };
  /** Prints what was wanted, once all of it is there. */
  const deliver = (isPatient = false) => {
    const state = store.state();
    const isOpen = state.loaded || state.failure !== null;
    if (wanted === null || !isOpen || state.dialog !== null) return;
    if (lacking(state, wanted, isPatient).length > 0) return;
    const what = wanted;
    wanted = null;
    if (what === 'screen') printScreen();
    else printDetail();
  };
  const printOverlay = (overlay: Overlay) => {
    page(overlayLines(store.state(), overlay));
    store.dispatch({type: 'overlay', overlay: null});
  };

  /** What a command changed of what it left us on: other rows, another choice, or what is said of them. */
  const tellChange = (before: AppState, beforeText: ShownText, effect: Effect) => {
    const after = store.state();
    const text = screenText({...after, now: before.now});
    const {rows, lines} = changedText(beforeText, text);
    const isMoved = currentScreen(before).list.key !== currentScreen(after).list.key;
    // It asks for something else than what is there.
    if (effect === 'change' && lacking(after, 'screen').length > 0) want('screen');
    else if (rows) {
      printed = text.rows.map(({key}) => key);
      page(lines);
    } else if (effect === 'detail' || (isMoved && effect !== 'marks')) want('detail');
    else if (lines.length > 0)
      page(effect === 'marks' ? lines.filter(words => !text.detail.includes(words)) : lines);
    else if (after.notice === null && !outsideWas) say(['That changed nothing here.']);
  };

  /** On another screen: it is printed once it is there; a sync that has just begun is told at once. */
  const arrive = () => {
    want('screen');
    const run = shownRun(store.state());
    if (run !== undefined && run.end === null) {
      say([`Syncing ${run.environment}; stop ends it after what is under way.`]);
      work = {...work, isTold: true};
    }
    deliver();
  };

  /** What is told after a line, beside what the line's command printed itself. */
  const tellAfter = (before: AppState, beforeText: ShownText | null, effect: Effect) => {
    const after = store.state();
    const {notice} = after;
    if (notice !== null && notice !== before.notice) say([notice.text]);
    if (after.exit !== null) return;
    if (after.overlay !== null) {
      printOverlay(after.overlay);
      return;
    }
    if (after.dialog !== null || before.dialog !== null) {
      want(null);
      dialogs.tell();
      if (after.dialog === null && placeName(before) !== placeName(after)) arrive();
      return;
    }
    if (effect === 'none') {
      deliver();
      return;
    }
    if (placeName(before) !== placeName(after)) arrive();
    else if (effect === 'screen' || beforeText === null) want('screen');
    else tellChange(before, beforeText, effect);
    deliver();
  };

  /** One turn: what a line does, then what is told of it; what happens meanwhile is told once, by that. */
  const turn = (act: () => Effect) => {
    const before = store.state();
    const beforeText = before.dialog === null && before.loaded ? screenText(before) : null;
    outsideWas = false;
    isBusy = true;
    const effect = act();
    // Every line is a command line here: there is no place for one in front of that.
    if (store.state().palette !== null) store.dispatch({type: 'palette-close', ran: null});
    tellAfter(before, beforeText, effect);
    isBusy = false;
    last = store.state();
    // What came with it is covered by what was printed, or will be.
    news(last);
  };

  const hear = () => {
    if (isBusy) return;
    isBusy = true;
    const before = last;
    const state = store.state();
    if (state.notice !== null && state.notice !== before.notice) say([state.notice.text]);
    const screen = currentScreen(state);
    for (const name of news(state)) {
      const known = environmentNamed(state, name);
      const isCovered =
        wanted === 'screen' &&
        (screen.id === 'overview' || (screen.id === 'environment' && screen.environment === name));
      if (known !== undefined && !isCovered) say([environmentLine(known, state.now, true)]);
    }
    // A question has come up by itself: what was waited for is behind it.
    if (state.dialog !== null && before.dialog === null) want(null);
    dialogs.tell();
    deliver();
    last = store.state();
    isBusy = false;
  };
  store.subscribe(hear);

  /** Quits as the app does: what changes a cluster is asked to stop first, the second time it ends whatever that says. */
  const quit = () => {
    const exit = commandNamed(store.state().preferences, 'exit');
    if (exit === undefined) return;
    store.dispatch(...runCommand(store.state(), exit, 'quit', now()).actions);
    if (store.state().exit === null) say(['What runs is asked to stop; quit again ends whatever it does.']);
  };

  const runOwn = ({word, rest}: Extract<Meaning, {is: 'own'}>): Effect => {
    const state = store.state();
    const own: Record<OwnWord, () => Effect> = {
      list() {
        if (rest === 'all') printScreen(true);
        return rest === 'all' ? 'none' : 'screen';
      },
      more() {
        const next = pager.more();
        if (next !== null) say(next);
        else if (currentScreen(state).list.key !== null) moreRows();
        return 'none';
      },
      show: () => (rest === '' ? 'detail' : runLine(desk, rest)),
      open: () => openRow(desk, /^\d+$/.test(rest) ? Number(rest) : rest),
      goto: () => goTo(desk, rest),
      help() {
        page(helpFor(state, rest));
        return 'none';
      },
      quit() {
        quit();
        return 'none';
      },
    };
    return own[word]();
  };
  /** Older rows, where there are some that are not read yet. */
  const moreRows = () => {
    const before = printed.length;
    store.dispatch({type: 'move', by: 'last'});
    if (lacking(store.state(), 'screen').length > 0) want('screen');
    else say([`There is no more${before > 0 ? `: ${before} rows` : ''}.`]);
  };

  return {
    line(typed, arrivedAt) {
      const text = plainLine(typed).replace(/^:\s*/, '');
      const state = store.state();
      if (state.exit !== null) return;
      if (state.dialog !== null && dialogs.isTooSoon(arrivedAt)) {
        if (text !== '') say([`Dropped: "${text}". ${tooSoon}`]);
        return;
      }
      turn(() => {
        const meaning = textField(state) === null ? meaningOf(state, text) : null;
        if (state.dialog === null) {
          if (meaning?.is === 'own') return runOwn(meaning);
          if (text === '' && wanted !== null) return 'none';
          return runLine(desk, text);
        }
        if (meaning?.is === 'own' && (meaning.word === 'more' || meaning.word === 'help'))
          return runOwn(meaning);
        const isQuit = meaning?.is === 'own' && meaning.word === 'quit';
        answerDialog(desk, isQuit ? 'no' : text, dialogs.asked());
        if (isQuit && store.state().dialog === null) quit();
        return 'change';
      });
    },
    prompt: () => `gitops-tui: ${promptWords(store.state(), dialogs.asked())}> `,
    takes(text, isTerminal) {
      const {dialog} = store.state();
      if (dialog?.stage.at === 'running') return isTerminal || isNo(text);
      if (isTerminal) return dialog !== null || wanted === null || work.isTold;
      return wanted === null && !isAtWork(store.state());
    },
    complete: text => completions(store.state(), text),
    isRunning: () => store.state().dialog?.stage.at === 'running' || runningSyncs(store.state()).length > 0,
    isHolding: () => !work.isTold && (wanted !== null || dialogs.isWorking()),
    isAtWork: () => wanted !== null || isAtWork(store.state()),
    tick() {
      if (wanted === null && !dialogs.isWorking()) return;
      const waited = now() - work.since;
      if (waited < (work.isTold ? between : patience)) return;
      const state = store.state();
      // The environments are known: how each of them is, is told as it comes.
      if (wanted === 'screen' && currentScreen(state).id === 'overview' && state.loaded) {
        wanted = null;
        printScreen();
        return;
      }
      deliver(true);
      if (wanted === null && !dialogs.isWorking()) return;
      const progress = progressLine(state, wanted);
      if (progress !== null && progress !== work.last) say([progress]);
      work = {since: now(), isTold: true, last: progress ?? work.last};
    },
    interrupt() {
      const {dialog} = store.state();
      if (dialog !== null) {
        if (dialog.stage.at === 'running' && dialog.stage.stopping) return false;
        turn(() => {
          answerDialog(desk, 'no', dialogs.asked());
          return 'none';
        });
        return true;
      }
      if (runningSyncs(store.state()).some(({stopping}) => !stopping)) {
        store.dispatch({type: 'sync-stop', environment: null});
        say(['The sync stops after what is under way.']);
        return true;
      }
      if (runningSyncs(store.state()).length > 0) return false;
      // What is waited for is cancelled as esc does it; where that is nothing, esc would leave the screen.
      if (cancelWaiting(store.state()) !== null) {
        turn(() => {
          store.dispatch({type: 'out'});
          return 'none';
        });
        want(null);
        return true;
      }
      if (wanted === null) return false;
      want(null);
      say(['No longer waited for; list prints what is there.']);
      return true;
    },
    end() {
      const {dialog} = store.state();
      if (dialog !== null && dialog.stage.at !== 'running') {
        say(['The input ended: nothing was confirmed.']);
        store.dispatch({type: 'dialog-leave'});
      }
    },
  };
}

const tooSoon =
  'A line that comes with the one before the question, or within 0.3 s of it, is no answer: it may be part of a paste.';
