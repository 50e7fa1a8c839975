import * as v from 'valibot';
import {line, maybeUrl} from './fields.ts';
import type {Check} from './types.ts';

/** A build of a commit, which Bitbucket Cloud and Data Center describe alike. */
export const build = v.object({
  key: line,
  name: v.nullish(line, null),
  state: v.string(),
  url: v.nullish(v.string(), null),
  description: v.nullish(line, null),
});

/** A build as a check; `stopped` is the state in which the one and the other say that somebody stopped it. */
export function buildCheck(found: v.InferOutput<typeof build>, stopped: 'STOPPED' | 'CANCELLED'): Check {
  const results: Readonly<Record<string, Check['result']>> = {
    SUCCESSFUL: 'passed',
    FAILED: 'failed',
    INPROGRESS: 'running',
    [stopped]: 'cancelled',
  };
  return {
    name: found.name || found.key,
    result: results[found.state] ?? 'waiting',
    required: null,
    url: v.parse(maybeUrl, found.url),
    summary: found.description || null,
  };
}
