import type {ImagePolicy} from '../policy.ts';

/**
 * A policy as one text, the way Weave Flux wrote them: `semver:~1.2`, `glob:main-*`, `regexp:^v\d+$` (`regex:` too),
 * `globsemver:v{1.x}-alpine`; and `alphabetical`, `numerical` (each with `:asc` or `:desc`), `newest-build`, `digest:TAG`.
 * What has no such beginning is a glob.
 */
export function taggedPolicy(text: string): ImagePolicy | {problem: string} {
  const [, kind = '', rest = ''] = /^([a-z-]+)(?::(.*))?$/s.exec(text) ?? [];
  switch (kind) {
    case 'semver':
      return {order: {by: 'semver', range: rest, mode: 'lenient'}, filters: []};
    case 'globsemver': {
      const [, prefix = '', range, suffix = ''] = /^([^{}]*)\{([^{}]+)\}([^{}]*)$/.exec(rest) ?? [];
      if (range === undefined) return {problem: `"${text}" has no {version range}`};
      const filters = [{type: 'around', prefix, suffix} as const];
      return {order: {by: 'semver', range, mode: 'lenient'}, filters};
    }
    case 'regexp':
    case 'regex':
      return {order: {by: 'build'}, filters: [{type: 'pattern', pattern: rest, extract: null}]};
    case 'alphabetical':
    case 'numerical':
      if (rest !== '' && rest !== 'asc' && rest !== 'desc')
        return {problem: `"${text}": the order is asc or desc`};
      return {order: {by: kind, order: rest === 'desc' ? 'desc' : 'asc'}, filters: []};
    case 'newest-build':
      if (rest === '') return {order: {by: 'build'}, filters: []};
      return {problem: `"${text}": newest-build takes nothing after it`};
    case 'digest':
      return {order: {by: 'digest', tag: rest === '' ? 'latest' : rest}, filters: []};
    default: {
      const glob = kind === 'glob' ? rest : text;
      return {order: {by: 'build'}, filters: glob === '*' ? [] : [{type: 'glob', glob}]};
    }
  }
}
