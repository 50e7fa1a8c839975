import type {PromoteRequest} from '../../../changes/promotion/types.ts';
import type {Problem} from '../../../resources/problem.ts';
import type {Answer, Call} from '../calls.ts';
import {openChangeDialog} from '../dialogs/dialogs.ts';
import {promotionHeight, versionsHeight} from '../layout.ts';
import {ask, takeBack} from '../requests.ts';
import {pushScreen, replaceScreen} from '../screen-stack.ts';
import {type AppState, currentEnvironment, currentScreen} from '../state.ts';
import {type PromotionScreen, promotionScreen, withChoices} from './promotion-screen.ts';
import {chosenVersion, moveColumn, versionsScreen, withMatrix} from './versions-screen.ts';

/** What the keys of promotion and of the matrix do. */
export type PromotionAction =
  /** Opens the promotion to the environment at hand; from the matrix for the chosen application. */
  | {type: 'promotion'}
  /** The next environment to promote from. */
  | {type: 'promotion-from'}
  | {type: 'promotion-plan'; way: 'items' | 'merge'}
  | {type: 'versions'}
  | {type: 'versions-column'; by: 1 | -1};

/** The state after one of them. */
export function reducePromotion(state: AppState, action: PromotionAction): AppState {
  const screen = currentScreen(state);
  switch (action.type) {
    case 'promotion': {
      const environment = currentEnvironment(state)?.environment;
      if (environment === undefined) return state;
      const row = screen.id === 'versions' ? chosenVersion(screen).row : undefined;
      const only = row === undefined ? null : row.name;
      return askChoices(pushScreen(state, promotionScreen(environment.name, environment.promotesFrom, only)));
    }
    case 'versions': {
      const environment = currentEnvironment(state)?.environment.name ?? null;
      return ask(pushScreen(state, versionsScreen(environment)), 'screen', {name: 'versions'});
    }
    case 'promotion-from': {
      if (screen.id !== 'promotion') return state;
      const next = promotionScreen(screen.environment, nextSource(state, screen), screen.only);
      const left = takeBack(state, ({call}) => call.name === 'promotionChoices');
      return askChoices(replaceScreen(left, next));
    }
    case 'promotion-plan': {
      const request = screen.id === 'promotion' ? requestOf(screen, action.way) : null;
      if (request === null) return state;
      const about =
        action.way === 'merge'
          ? `the whole branch of ${request.from}`
          : request.items?.length === 1
            ? `what is marked, as ${request.from} has it`
            : `${request.items?.length ?? 0} things that are marked, as ${request.from} has them`;
      return openChangeDialog(state, request, about);
    }
    case 'versions-column':
      return screen.id === 'versions' ? replaceScreen(state, moveColumn(screen, action.by)) : state;
  }
}

/** The environments that one could be promoted from, in the order of the overview. */
export function sourcesOf(state: AppState, {environment}: Pick<PromotionScreen, 'environment'>): string[] {
  return state.environments.flatMap(({environment: {name}}) => (name === environment ? [] : [name]));
}

function nextSource(state: AppState, screen: PromotionScreen): string | null {
  const names = sourcesOf(state, screen);
  const index = screen.from === null ? -1 : names.indexOf(screen.from);
  return names[(index + 1) % Math.max(1, names.length)] ?? null;
}

/** What the dialog asks to be planned; null while there is nothing to plan. */
export function requestOf(
  {environment, from, choices, marked}: PromotionScreen,
  way: PromoteRequest['way'],
): PromoteRequest | null {
  if (from === null || choices === null) return null;
  const items = way === 'merge' ? null : choices.items.filter(({id}) => marked.has(id)).map(({id}) => id);
  if (items !== null && items.length === 0) return null;
  return {kind: 'promote', environment, from, source: choices.revisions.source, way, items};
}

/** Asks for what the screen shows, once it is known where to promote from. */
function askChoices(state: AppState): AppState {
  const screen = currentScreen(state);
  if (screen.id !== 'promotion' || screen.from === null) return state;
  const {environment, from} = screen;
  return ask(state, 'screen', {name: 'promotionChoices', environment, from});
}

/** Asks again for what the screen shows; the choice and the marks stay. */
export function refreshPromotion(state: AppState): AppState {
  const left = takeBack(state, ({owner}) => owner === 'screen');
  const screen = currentScreen(left);
  if (screen.id === 'versions') return ask(left, 'screen', {name: 'versions'});
  return screen.id === 'promotion' ? askChoices(replaceScreen(left, {...screen, failure: null})) : left;
}

/** The state with the answer that a screen of these waits for. */
export function withPromotionAnswer(state: AppState, answer: Answer): AppState {
  const screen = currentScreen(state);
  if (answer.name === 'versions')
    return screen.id === 'versions'
      ? replaceScreen(state, withMatrix(screen, answer.value, state.now, versionsHeight(state)))
      : state;
  return screen.id === 'promotion' && answer.name === 'promotionChoices'
    ? replaceScreen(state, withChoices(screen, answer.value, promotionHeight(state)))
    : state;
}

/** The state after the question of a screen of these failed. */
export function withPromotionFailure(state: AppState, call: Call, failure: Problem): AppState {
  const screen = currentScreen(state);
  const isIts =
    (screen.id === 'versions' && call.name === 'versions') ||
    (screen.id === 'promotion' && call.name === 'promotionChoices');
  return isIts ? replaceScreen(state, {...screen, failure}) : state;
}
