import {reduceView} from '../lists/list-keys.ts';
import {type Arranger, chosenOf, type ListView, type Shown} from '../lists/listing.ts';
import type {AppState, Screen} from '../state.ts';
import type {ListingKind} from './kind.ts';

/** What a screen with one flat list has of all lists' keys. `shown` gives its items as they are shown, `height` its visible rows. */
export function flat<S extends Screen & ListView, T extends object>(
  arranger: Arranger<T>,
  shown: (state: AppState, screen: S) => Shown<T>,
  height: (state: AppState) => number,
  passes?: string,
): ListingKind<S> {
  const {listing} = arranger;
  return {
    fields: arranger.fields,
    shown,
    nextOrder: sort => arranger.nextOrder(sort),
    ...(listing.canMark === undefined
      ? {}
      : {
          canMark(state, screen) {
            const chosen = chosenOf(screen, shown(state, screen));
            return chosen === undefined ? 'there is nothing to mark' : (listing.canMark?.(chosen) ?? true);
          },
        }),
    ...(passes === undefined ? {} : {passes}),
    reduce: (state, screen, action) =>
      reduceView(screen, listing, shown(state, screen), action, height(state)),
  };
}
