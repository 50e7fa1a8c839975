import {type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import {badRequest} from './status.ts';

type Labels = Record<string, unknown>;
type Test = (labels: Labels) => boolean;

/**
 * Parses a label selector, equality-based and set-based: `a=b,c!=d,e in (f,g),h,!i`. Throws a 400.
 * Source: apimachinery, pkg/labels/selector.go.
 */
export function parseLabelSelector(text: string): Test {
  const tests = splitTop(text).map(parseRequirement);
  return labels => tests.every(test => test(labels));
}

function parseRequirement(text: string): Test {
  const requirement = text.trim();
  const name = '([A-Za-z0-9][A-Za-z0-9._/-]*)';
  let match = new RegExp(`^${name}\\s+(in|notin)\\s*\\(([^()]*)\\)$`).exec(requirement);
  if (match !== null) {
    const [, key = '', operator, list = ''] = match;
    const values = new Set(list.split(',').map(value => value.trim()));
    return operator === 'in'
      ? labels => Object.hasOwn(labels, key) && values.has(String(labels[key]))
      : labels => !Object.hasOwn(labels, key) || !values.has(String(labels[key]));
  }
  match = new RegExp(`^${name}\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$`).exec(requirement);
  if (match !== null) {
    const [, key = '', operator, value = ''] = match;
    return operator === '!='
      ? labels => labels[key] !== value
      : labels => Object.hasOwn(labels, key) && labels[key] === value;
  }
  match = new RegExp(`^${name}\\s*(>|<)\\s*(-?\\d+)$`).exec(requirement);
  if (match !== null) {
    const [, key = '', operator, bound] = match;
    return labels => {
      const value = Number(labels[key]);
      return (
        Object.hasOwn(labels, key) &&
        Number.isInteger(value) &&
        (operator === '>' ? value > Number(bound) : value < Number(bound))
      );
    };
  }
  match = new RegExp(`^(!?)\\s*${name}$`).exec(requirement);
  if (match !== null) {
    const [, not, key = ''] = match;
    return labels => Object.hasOwn(labels, key) === (not === '');
  }
  const words = requirement.split(/\s+/);
  throw badRequest(
    words.length > 1
      ? `unable to parse requirement: found '${words[1]}', expected: in, notin, =, ==, !=, gt, lt`
      : `unable to parse requirement: found '${requirement}', expected: identifier`,
  );
}

/** Parses a field selector on metadata.name, metadata.namespace and the kinds' few others, all strings of the object. */
export function parseFieldSelector(text: string, fields: readonly string[]): (object: JsonObject) => boolean {
  const tests = splitTop(text).map(part => {
    const match = /^([^!=]+?)(==|=|!=)(.*)$/.exec(part.trim());
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    const [, path = '', operator, value] = match;
    if (path !== 'metadata.name' && path !== 'metadata.namespace' && !fields.includes(path)) {
      throw badRequest(
        fields.length > 0
          ? `field label not supported: ${path}`
          : `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    }
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    return (object: JsonObject) => {
      let at = object;
      for (const step of steps) at = objectAt(at, step);
      return ((stringAt(at, last) ?? '') === value) === (operator !== '!=');
    };
  });
  return object => tests.every(test => test(object));
}

// Splits at commas that stand outside parentheses.
function splitTop(text: string): string[] {
  if (text.trim() === '') return [];
  return text.split(/,(?![^()]*\))/);
}
