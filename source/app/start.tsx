import {render} from 'ink';
import type {ThemeName} from '../preferences/types.ts';
import {defaultPreferences, type Preferences} from '../preferences/types.ts';
import type {Remembered} from '../remembered/types.ts';
import {shadeOf} from '../terminal/background.ts';
import {clipboardOf} from '../terminal/clipboard.ts';
import {isRemote} from '../terminal/remote.ts';
import {openTerminal} from '../terminal/terminal.ts';
import {App, type DoOutside} from './app.tsx';
import {runClock} from './effects/clock.ts';
import {doOutside, type Hands} from './effects/do-outside.ts';
import {rememberView} from './effects/remember.ts';
import {runSession} from './effects/run-session.ts';
import {createStore} from './effects/store.ts';
import {checkedPreferences} from './keys/keymap.ts';
import {pagerText, textAtHand} from './overlays/pager-text.ts';
import type {Session} from './session.ts';
import {initialState} from './state/state.ts';
import type {ColorDepth} from './text/color.ts';
import {lookOf} from './text/theme.ts';
import type {Shade} from './text/themes/theme.ts';

/** What the app and the line mode are both started with. */
export interface CommonOptions extends Hands {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  /** Refuse every change; a read-only session refuses them too. */
  readOnly: boolean;
  /** What the user's own file says; default: nothing. */
  preferences?: Preferences;
}

/** How the app is started. */
export interface AppOptions extends CommonOptions {
  /** Plain ASCII instead of glyphs. */
  ascii: boolean;
  /** Colours that the terminal has. */
  color: ColorDepth;
  /** Instead of the preferences' theme. */
  theme?: ThemeName;
  /** What is known of the background before the terminal has answered. */
  shade?: Shade;
  /** Takes what is copied; where it answers false (or without it), the terminal's clipboard is set (OSC 52). */
  onCopy?: (text: string) => Promise<boolean>;
  /** Where the last view of each repository is kept; without it every start is at the overview, and nothing is kept. */
  remembered?: Remembered;
  /** The time in ms. */
  now?: () => number;
}

/**
 * Runs the app in the terminal until the user quits; resolves with the exit code. The first frame doesn't wait for the
 * session. Rejects with the session's error where it can't be had, and with what crashed. However it ends (quit, crash,
 * SIGTERM, SIGHUP), the terminal is as it was before.
 */
export async function startApp(session: Session | Promise<Session>, options: AppOptions): Promise<number> {
  const {stdin, stdout} = options;
  const now = options.now ?? Date.now;
  const {ascii, color} = options;
  const looks = {ascii, color};
  const size = {columns: stdout.columns, rows: stdout.rows};
  const {readOnly} = options;
  const preferences = checkedPreferences(options.preferences ?? defaultPreferences);
  const appearance = {theme: options.theme ?? preferences.theme, shade: options.shade ?? 'dark'};
  const store = createStore(initialState({size, readOnly, now: now(), preferences, appearance}), now);
  const terminal = openTerminal({
    stdin,
    stdout,
    env: process.env,
    mouse: preferences.mouse,
    onBackground: color => store.dispatch({type: 'background', shade: shadeOf(color)}),
  });
  const {input} = terminal;
  const outside: DoOutside = what =>
    void doOutside(what, {
      ...options,
      store,
      session: Promise.resolve(session),
      redraw: terminal.redraw,
      suspend: terminal.suspend,
      lend: terminal.lend,
      copy,
      pagerText() {
        const text = textAtHand(store.state());
        if (text === null) return null;
        return pagerText(store.state(), text, lookOf({...looks, ...store.state().appearance}));
      },
    });
  const app = render(
    <App {...{store, looks, now, input, outside}} spinnerTime={isRemote(process.env) ? 500 : 120} />,
    {
      stdout: terminal.stream,
      stderr: terminal.messages,
      maxFps: 30,
      exitOnCtrlC: false,
      interactive: true,
    },
  );
  const endings = [app.unmount, runClock(store)];
  const remember = options.remembered === undefined ? null : rememberView(store, options.remembered);
  const ended = new Promise<number>((resolve, reject) => {
    terminal.ended.then(resolve, reject);
    void app.waitUntilExit().then(code => resolve(typeof code === 'number' ? code : 0), reject);
    void Promise.resolve(session).then(opened => {
      endings.push(...runSession(store, opened));
    }, reject);
  });
  try {
    return await ended;
  } finally {
    for (const end of endings.reverse()) end();
    await terminal.close();
    await remember?.();
  }

  async function copy(text: string): Promise<void> {
    const clipboard = clipboardOf(text, process.env);
    if ((await options.onCopy?.(text)) !== true) {
      if ('refused' in clipboard)
        return store.dispatch({
          type: 'overlay',
          overlay: {id: 'by-hand', top: 0, text, why: clipboard.refused},
        });
      terminal.send(clipboard.sequence);
    }
    const [first = '', ...more] = text.split('\n');
    const lines = more.length === 0 ? '' : ` (and ${more.length} more line${more.length === 1 ? '' : 's'})`;
    store.dispatch({type: 'say', text: `copied: ${first}${lines}`, tone: 'good'});
  }
}
