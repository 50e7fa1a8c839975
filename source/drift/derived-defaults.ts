import type {FieldPath} from '../resources/field-path.ts';
import type {ResourceId} from '../resources/identity.ts';
import {equalJson, type Json, type JsonObject, listAt, objectAt} from '../resources/json.ts';
import {generalise} from './kinds.ts';

/**
 * True where a live map entry is what the server copies there from elsewhere in the same object where git is silent: a
 * LimitRange's defaults, a pod's requests, a replication controller's labels. `parent` is the live map, `root` the whole
 * live object. Source: kubernetes/pkg/apis/core/v1/defaults.go.
 */
export function isDerived(
  {group, kind}: Pick<ResourceId, 'group' | 'kind'>,
  path: FieldPath,
  value: Json,
  parent: JsonObject,
  root: JsonObject,
): boolean {
  const last = path.at(-1);
  if (group !== '' || last?.type !== 'field') return false;
  const map = generalise(path.slice(0, -1));
  const spec = objectAt(root, 'spec');
  switch (kind) {
    case 'LimitRange':
      // A default is the maximum; a default request the default, or else the minimum.
      return listAt(spec, 'limits').some(item => {
        const sources = map === 'spec.limits[].default' ? ['max'] : ['default', 'min'];
        const own = objectAt(item, map === 'spec.limits[].default' ? 'default' : 'defaultRequest');
        return own === parent && sources.some(from => equalJson(objectAt(item, from)[last.name], value));
      });
    case 'Pod':
      return [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].some(item => {
        const resources = objectAt(item, 'resources');
        return (
          objectAt(resources, 'requests') === parent &&
          equalJson(objectAt(resources, 'limits')[last.name], value)
        );
      });
    case 'ReplicationController': {
      const metadata = objectAt(objectAt(spec, 'template'), 'metadata');
      const isCopied = map === 'metadata.labels' || map === 'spec.selector';
      return isCopied && equalJson(objectAt(metadata, 'labels')[last.name], value);
    }
    default:
      return false;
  }
}
