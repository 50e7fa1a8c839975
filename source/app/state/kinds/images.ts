import {imagePanes, imagesHeight} from '../layout.ts';
import {
  askImages,
  chosenImage,
  imageKeys,
  imageList,
  shownImages,
  tickImages,
  withImageFailure,
  withImageNews,
  withImageReport,
} from '../screens/images-screen.ts';
import type {ImagesScreen} from '../state.ts';
import {flat} from './flat.ts';
import type {ScreenKind} from './kind.ts';

/** The images of an environment, and what is newer. */
export const images: ScreenKind<ImagesScreen> = {
  listing: flat(imageList, (_state, screen) => shownImages(screen), imagesHeight, 'current'),
  rows: (state, screen) => ({keys: imageKeys(screen), height: imagesHeight(state)}),
  above: state => imagePanes(state.size).list - imagesHeight(state),
  refresh: (state, screen) => askImages(state, screen.environment, true),
  news: (state, _screen, events) => withImageNews(state, events),
  answered: (state, screen, _call, answer) =>
    answer.name === 'imageUpdates' ? withImageReport(state, screen, answer.value) : state,
  failed: (state, screen, call, problem) =>
    call.name === 'imageUpdates' ? withImageFailure(state, screen, problem) : state,
  // What was brought to git is what git says from now on; the registries' answers are still fresh.
  gitMoved: (state, screen) => askImages(state, screen.environment, false),
  uncovered: (state, screen) => askImages(state, screen.environment, false),
  tick: tickImages,
  copyable(_state, screen) {
    const chosen = chosenImage(screen);
    return chosen?.target ?? chosen?.image ?? null;
  },
};
