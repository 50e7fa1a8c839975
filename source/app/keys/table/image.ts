import {imagesRequest} from '../../state/screens/images-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../../state/state.ts';
import type {Command} from '../command.ts';
import {inEnvironment, ofEnvironment} from './word.ts';

/** What the keys of the images screen do, and the one that leads to it. */
export const imageCommands: readonly Command[] = [
  {
    id: 'update-images',
    keys: ['enter'],
    words: 'update the marked images in git, or the chosen one: shows the change first',
    hint: 'update in git',
    section: 'Act',
    danger: 'pull-request',
    places: ['images'],
    enabled: canUpdate,
    run: openUpdate,
  },
  {
    id: 'images',
    keys: ['I'],
    words: 'images: what registries have for them',
    hint: 'images',
    section: 'Look',
    danger: null,
    places: ['overview', 'environment'],
    enabled: state => (currentEnvironment(state) === undefined ? 'no environment is known yet' : true),
    args: ofEnvironment,
    run: (state, {environment}) => inEnvironment(state, environment, {type: 'images'}),
  },
];

function canUpdate(state: AppState): true | string {
  const screen = currentScreen(state);
  const request = screen.id === 'images' ? imagesRequest(screen) : 'choose an image first';
  return typeof request === 'string' ? request : true;
}

function openUpdate(state: AppState): ReturnType<Command['run']> {
  const screen = currentScreen(state);
  const request = screen.id === 'images' ? imagesRequest(screen) : '';
  if (typeof request === 'string') return {type: 'say', text: request, tone: 'drift'};
  const [first] = request.updates;
  const about =
    request.updates.length === 1 && first !== undefined ? first.target : `${request.updates.length} images`;
  return {type: 'open-change', request, about};
}
