import type {Kind} from '../resources/kind.ts';
import {ClusterError} from './types.ts';

/** The URL path of a kind's objects, in a namespace where the kind has them and one is given. */
export function collectionPath(kind: Kind, namespace?: string | undefined): string {
  const root =
    kind.group === ''
      ? `/api/${segment(kind.version)}`
      : `/apis/${segment(kind.group)}/${segment(kind.version)}`;
  const place = kind.namespaced && namespace ? `/namespaces/${segment(namespace)}` : '';
  return `${root}${place}/${segment(kind.plural)}`;
}

/**
 * The URL path of one object. Throws ClusterError 'invalid' for a name that would make it the path of something else: an
 * empty one would be the whole collection, which a DELETE would empty.
 */
export function objectPath(kind: Kind, namespace: string, name: string): string {
  if (kind.namespaced) checkName(kind, namespace, 'namespace');
  checkName(kind, name, 'name');
  return `${collectionPath(kind, namespace)}/${segment(name)}`;
}

/** The URL path of the collection that an object is created in. */
export function creationPath(kind: Kind, namespace: string): string {
  if (kind.namespaced) checkName(kind, namespace, 'namespace');
  return collectionPath(kind, namespace);
}

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names
function checkName(kind: Kind, name: string, what: 'name' | 'namespace'): void {
  if (name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)) return;
  throw new ClusterError('invalid', `${kind.kind}: "${name}" is no ${what} of an object`, {
    fix: name === '' ? `give it a metadata.${what}` : `correct its metadata.${what}`,
  });
}

function segment(text: string): string {
  return encodeURIComponent(text);
}
