import {containerLists} from '../../resources/container-images.ts';
import type {FieldPath} from '../../resources/field-path.ts';
import {type Json, stringAt} from '../../resources/json.ts';
import type {EffectDigest, FieldEffect, ImageEffect, ObjectEffect, ReplicasEffect} from './types.ts';

/** What people ask of a change first: images, replicas, what comes and what goes. */
export function digestOf(objects: readonly ObjectEffect[]): EffectDigest {
  const images: ImageEffect[] = [];
  const replicas: ReplicasEffect[] = [];
  let otherFields = 0;
  const told = objects.filter(({leftOut}) => leftOut === null);
  for (const {id, fields} of told) {
    for (const field of fields) {
      const image = imageOf(field);
      if (image !== undefined) images.push({id, ...image});
      else if (field.path === 'spec.replicas') {
        replicas.push({id, before: count(field.before), after: count(field.after)});
      } else if (field.follows === undefined) otherFields++;
    }
  }
  const ids = (change: ObjectEffect['change']) =>
    told.filter(object => object.change === change).map(({id}) => id);
  return {
    images,
    replicas,
    added: ids('added'),
    removed: ids('removed'),
    replaced: ids('replaced'),
    changed: ids('changed'),
    otherFields,
    leftOut: objects.length - told.length,
  };
}

/** The image that a field says, or a whole container that comes or goes; undefined for any other field. */
function imageOf({elements, before, after}: FieldEffect): Omit<ImageEffect, 'id'> | undefined {
  const container = containerOf(elements);
  if (container === undefined) return undefined;
  const last = elements.at(-1);
  const isImage = last?.type === 'field' && last.name === 'image';
  const said = (value: Json | undefined) =>
    (isImage ? (typeof value === 'string' ? value : undefined) : stringAt(value, 'image')) ?? null;
  const isWhole = last?.type === 'keys' && (before === undefined || after === undefined);
  if (!isImage && !isWhole) return undefined;
  const [old, now] = [said(before), said(after)];
  return old === null && now === null ? undefined : {container, before: old, after: now};
}

/** The container that a path is of or in: the name after `containers` or `initContainers`, one step below at most. */
function containerOf(path: FieldPath): string | undefined {
  const at = path.findIndex(element => element.type === 'field' && containerLists.has(element.name));
  const item = path[at + 1];
  if (at < 0 || item?.type !== 'keys' || path.length > at + 3) return undefined;
  const {name} = item.keys;
  return typeof name === 'string' ? name : undefined;
}

function count(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
