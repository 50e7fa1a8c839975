import {chosenImage, imagesRequest, isBumpable} from '../state/images-screen.ts';
import {type AppState, currentEnvironment, currentScreen} from '../state/state.ts';
import type {Command} from './command.ts';

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
    id: 'mark-image',
    keys: ['space'],
    words: 'mark for the update',
    hint: 'mark',
    section: 'Select',
    danger: null,
    places: ['images'],
    enabled: canMark,
    run: () => ({type: 'mark'}),
  },
  {
    id: 'mark-all-images',
    keys: ['*'],
    words: 'mark all that a policy asks for, or none',
    hint: 'mark all newer',
    section: 'Select',
    danger: null,
    places: ['images'],
    enabled: canMarkAll,
    run: () => ({type: 'mark-all'}),
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
    run: () => ({type: 'images'}),
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

function canMarkAll(state: AppState): true | string {
  const screen = currentScreen(state);
  const images = screen.id === 'images' ? (screen.images ?? []) : [];
  return images.some(image => image.state === 'newer') ? true : 'no policy asks for another image';
}

function canMark(state: AppState): true | string {
  const screen = currentScreen(state);
  const chosen = screen.id === 'images' ? chosenImage(screen) : undefined;
  if (chosen === undefined) return 'choose an image first';
  return isBumpable(chosen) ? true : 'there is nothing to update it to';
}
