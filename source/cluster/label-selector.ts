import type {Json, JsonObject} from '../resources/json.ts';
import {objectAt, stringAt} from '../resources/json.ts';
import {ClusterError} from './types.ts';

type Labels = (key: string) => string | undefined;
type Requirement = (labels: Labels) => boolean;

const requirement =
  /^\s*(?:!\s*(?<absent>[^\s=!,()]+)|(?<key>[^\s=!,()]+)\s*(?:(?<operator>==?|!=)\s*(?<value>[^\s=!,()]*)|\s(?<set>in|notin)\s*\((?<values>[^()]*)\))?)\s*(?:,|$)/;

/**
 * A label selector as a test of objects: `app=web,tier!=cache,env in (a,b),x notin (y),has,!hasnot`. For servers that ignore
 * selectors (drift trap 54). Throws ClusterError 'invalid' for what is no selector.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchesSelector(selector: string): (object: JsonObject) => boolean {
  const requirements: Requirement[] = [];
  let rest = selector.trim();
  while (rest !== '') {
    const match = requirement.exec(rest);
    if (match === null) throw new ClusterError('invalid', `"${selector}" is no label selector`);
    requirements.push(requirementOf(match.groups ?? {}));
    rest = rest.slice(match[0].length).trim();
  }
  return object => {
    const labels: Json = objectAt(objectAt(object, 'metadata'), 'labels');
    return requirements.every(holds =>
      holds(key => (Object.hasOwn(labels, key) ? stringAt(labels, key) : undefined)),
    );
  };
}

function requirementOf(groups: Record<string, string | undefined>): Requirement {
  const {absent, key = '', operator, value = '', set, values = ''} = groups;
  if (absent !== undefined) return labels => labels(absent) === undefined;
  if (operator === '!=') return labels => labels(key) !== value;
  if (operator !== undefined) return labels => labels(key) === value;
  if (set === undefined) return labels => labels(key) !== undefined;
  const allowed = new Set(values.split(',').map(each => each.trim()));
  return labels => {
    const found = labels(key);
    return set === 'in'
      ? found !== undefined && allowed.has(found)
      : found === undefined || !allowed.has(found);
  };
}
