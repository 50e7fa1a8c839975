import type {ImageSession} from '../app/session.ts';
import type {Workshop} from './parts.ts';

/** The images of an environment, and what their registries have for them. */
export function imagesPart(shop: Workshop): ImageSession {
  // Imported when it is asked: versions, expressions and registries must cost the first frame nothing.
  let part: Promise<ImageSession> | undefined;
  return {
    async imageUpdates(...given) {
      part ??= import('./image-updates.ts').then(({imageUpdates}) => imageUpdates(shop));
      return (await part).imageUpdates(...given);
    },
  };
}
