import {Box, useApp, useWindowSize} from 'ink';
import {useEffect, useMemo, useState, useSyncExternalStore} from 'react';
import type {InputEvent} from '../terminal/input/events.ts';
import type {InputSource} from '../terminal/input/reader.ts';
import {Footer} from './components/footer.tsx';
import {Header} from './components/header.tsx';
import {Row} from './components/row.tsx';
import {DialogView, visibleOf} from './dialogs/dialog-view.tsx';
import type {Store} from './effects/store.ts';
import type {Outside} from './keys/command.ts';
import {dispatch, dispatchPaste} from './keys/dispatch.ts';
import {type Dispatched, nothing} from './keys/run-command.ts';
import {dispatchMouse, isDouble, type Press} from './mouse/press.ts';
import {OverlayView} from './overlays/overlay.tsx';
import {withPlace} from './overlays/place.ts';
import {PaletteView} from './palette/palette-view.tsx';
import {positionOf} from './screens/position.ts';
import {ShownScreen} from './screens/views.tsx';
import type {Action} from './state/actions.ts';
import {smallest} from './state/layout.ts';
import type {AppState} from './state/state.ts';
import {busySince, isShown, shownAfter} from './state/waiting.ts';
import {line} from './text/line.ts';
import {type Look, type LookOptions, lookOf} from './text/theme.ts';

/** What the app does outside its state. */
export type DoOutside = (what: Outside) => void;

interface AppProps {
  readonly store: Store;
  /** What of its look doesn't change while it runs. */
  readonly looks: Pick<LookOptions, 'ascii' | 'color'>;
  readonly now: () => number;
  /** Where keys come from: Ink reads nothing. */
  readonly input: InputSource;
  readonly outside: DoOutside;
  /** How long a glyph of the spinner stands, in ms. */
  readonly spinnerTime?: number;
}

/** The whole app: state in, keys out. */
export function App({store, looks, now, input, outside, spinnerTime = 120}: AppProps) {
  const state = useSyncExternalStore(store.subscribe, store.state);
  const {appearance} = state;
  const look = useMemo(() => lookOf({...looks, ...appearance}), [looks, appearance]);
  const {exit} = useApp();
  const size = useWindowSize();
  const since = busySince(state);
  const frame = useSpinner(since, now, spinnerTime);

  useEffect(() => {
    store.dispatch({type: 'resized', columns: size.columns, rows: size.rows});
  }, [store, size.columns, size.rows]);

  useEffect(() => {
    if (state.exit !== null) exit(state.exit);
  }, [exit, state.exit]);

  useEffect(() => {
    // One by one: what is told to an action depends on those before it.
    const act = (actions: readonly Action[]) => {
      for (const action of actions) store.dispatch(withLength(store.state(), action, look));
    };
    let pressed: Press | null = null;
    const result = (event: InputEvent): Dispatched => {
      const time = now();
      switch (event.type) {
        case 'key':
          return dispatch(store.state(), event.key, time);
        case 'paste':
          return {actions: dispatchPaste(store.state(), event.text), outside: null};
        case 'mouse': {
          const before = pressed;
          // A third press begins anew.
          pressed = event.action === 'press' && !isDouble(event, time, before) ? {event, time} : null;
          return dispatchMouse(store.state(), event, time, before);
        }
        default:
          return nothing;
      }
    };
    const take = (event: InputEvent) => {
      const {actions, outside: what} = result(event);
      act(actions);
      if (what !== null) outside(what);
    };
    return input.subscribe(take);
  }, [store, look, now, input, outside]);

  // The size of this very frame: the state hears of it only after it is drawn. While something is waited for the seconds
  // count, too; else a frame is of the time of the last action, so that nothing moves by itself.
  const time = since !== null ? Math.max(state.now, now()) : state.now;
  return <Frame state={{...state, size, now: time}} look={look} frame={frame} />;
}

/** A frame of the app, exactly as large as the terminal. */
export function Frame({state, look, frame}: {state: AppState; look: Look; frame: number}) {
  const {columns, rows} = state.size;
  if (columns < smallest.columns || rows < smallest.rows) {
    const words = `terminal too small: ${columns}x${rows}, needs ${smallest.columns}x${smallest.rows}`;
    return (
      <Box width={columns} height={rows}>
        <Row spans={line(words)} look={look} />
      </Box>
    );
  }
  return (
    <Box width={columns} height={rows} flexDirection="column">
      <Header state={state} look={look} frame={frame} />
      <Box flexGrow={1} flexDirection="column">
        <Body state={state} look={look} frame={frame} />
      </Box>
      <Footer state={state} position={positionOf(state)} look={look} />
      {state.dialog === null || state.overlay !== null ? null : (
        <DialogView state={state} dialog={state.dialog} look={look} frame={frame} />
      )}
      {state.palette === null ? null : <PaletteView state={state} palette={state.palette} look={look} />}
    </Box>
  );
}

function Body({state, look, frame}: {state: AppState; look: Look; frame: number}) {
  if (state.overlay !== null) return <OverlayView state={state} overlay={state.overlay} look={look} />;
  return <ShownScreen state={state} look={look} frame={frame} />;
}

/** The reducer doesn't draw: how long the text of an overlay or a dialog is, it is told. */
function withLength(
  state: AppState,
  action: ReturnType<typeof dispatch>['actions'][number],
  look: Look,
): typeof action {
  if (state.overlay !== null) return withPlace(state, state.overlay, action, look);
  if (action.type !== 'move') return action;
  if (state.dialog === null) return action;
  const {length, height} = visibleOf({state, dialog: state.dialog, look, frame: 0});
  return {...action, length, height};
}

/**
 * Counts up while something is waited for (since a time in ms), from when that is worth a sign: -1 before. It stands still,
 * and costs no byte, while nothing is.
 */
function useSpinner(since: number | null, now: () => number, time: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (since === null) return;
    let turning: NodeJS.Timeout | undefined;
    const turn = () => setCount(before => before + 1);
    const first = setTimeout(
      () => {
        turn();
        turning = setInterval(turn, time);
      },
      Math.max(0, since + shownAfter - now()),
    );
    return () => {
      clearTimeout(first);
      clearInterval(turning);
    };
  }, [since, now, time]);
  if (since === null) return 0;
  return isShown(since, now()) ? count : -1;
}
