import type {Json} from '../../resources/json.ts';
import {JqError, type JqPath} from './filters.ts';
import {parseJq} from './parse.ts';

/** What a program names in an object, or why it names nothing there. */
export type NamedPaths = {paths: readonly JqPath[]} | {stopped: string};

/** A step takes well under a microsecond: this is a tenth of a second at most. */
const mostSteps = 100_000;

/**
 * Reads a jq expression that names fields, to be asked of objects: the paths that `del(EXPRESSION)` would take out. As
 * there, one that fails on an object names nothing of it. Never runs without end. Throws JqSyntaxError.
 */
export function jqPaths(expression: string): (root: Json) => NamedPaths {
  const filter = parseJq(expression);
  return root => {
    const paths: JqPath[] = [];
    try {
      const scope = {variables: new Map<string, Json>(), budget: {left: mostSteps}};
      for (const {path} of filter({value: root, path: []}, scope)) {
        if (path === undefined) return {stopped: 'it makes a value and names no field'};
        if (path.length === 0) return {stopped: 'it names the whole object'};
        paths.push(path);
      }
    } catch (error) {
      if (error instanceof JqError) return {stopped: error.message};
      if (error instanceof RangeError) return {stopped: 'it goes too deep'};
      throw error;
    }
    return {paths};
  };
}
