import {selects} from '../../../cluster/list.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {Place} from './live-place.ts';
import type {LiveShelf} from './live-shelf.ts';

/** What a list or a read asks for, as a place of the kind. */
export function wantedOf(
  kind: Kind,
  {namespace = '', labelSelector, name}: Omit<Place, 'kind'>,
): Omit<Place, 'kind'> {
  return {namespace: kind.namespaced && namespace !== '' ? namespace : undefined, labelSelector, name};
}

/** What a shelf holds of a place. */
export function selected(
  shelf: LiveShelf,
  {namespace, labelSelector, name}: Omit<Place, 'kind'>,
): readonly JsonObject[] {
  if (name !== undefined && labelSelector === undefined && namespace !== undefined) {
    const object = shelf.get(namespace, name);
    return object === undefined ? [] : [object];
  }
  const items = shelf.in(namespace);
  if (labelSelector === undefined && name === undefined) return items;
  return items.filter(selects({labelSelector, name}));
}
