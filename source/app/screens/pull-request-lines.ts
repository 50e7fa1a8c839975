import {clusterLines, clusterSummary} from '../../changes/effect/cluster-words.ts';
import {type EffectLine, effectLines, effectSummary} from '../../changes/effect/words.ts';
import type {ListedPullRequest} from '../session.ts';
import {effectKey} from '../state/screens/pull-requests-screen.ts';
import type {AppState, PullRequestsScreen} from '../state/state.ts';
import {type Line, line, span, type Tone, wrap} from '../text/line.ts';
import {spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {type FeedbackStyle, feedbackLines} from './feedback-lines.ts';

interface Drawn {
  readonly state: AppState;
  readonly screen: PullRequestsScreen;
  readonly request: ListedPullRequest;
  readonly style: FeedbackStyle;
}

/** What is known of the chosen pull request, the weightiest first: where it leads, what it would do, what others say. */
export function summaryLines(drawn: Drawn): Line[] {
  const {state, request, style} = drawn;
  return [
    ...whereLines(request, style),
    ...effectsInShort(drawn),
    ...feedbackLines(state.seen.get(request.number), {...style, comments: 2}),
  ];
}

/** The same in full, to be scrolled. */
export function fullLines(drawn: Drawn): Line[] {
  const {state, request, style} = drawn;
  return [
    ...whereLines(request, style),
    line(span(request.url, 'busy')),
    [],
    ...feedbackLines(state.seen.get(request.number), style),
    [],
    ...effectsInFull(drawn),
  ];
}

function whereLines(request: ListedPullRequest, {look}: FeedbackStyle): Line[] {
  const from = request.fork === null ? request.branch : `${request.fork}:${request.branch}`;
  const draft = request.draft ? '   draft' : '';
  return [
    line(
      span('From     ', 'dim'),
      `${from} ${look.glyphs.arrow} ${request.base}   `,
      span(request.head.slice(0, 7), 'dim'),
      span(draft, 'drift'),
    ),
  ];
}

function effectsInShort({screen, request, style}: Drawn): Line[] {
  const {columns, look} = style;
  const known = screen.effects.get(effectKey(request));
  if (known === undefined) return request.state === 'open' ? [waiting(style)] : [];
  if ('problem' in known) return troubleLines(known.problem.message, style);
  const {files, conflicts, effects} = known.effect;
  if (conflicts.length > 0) return conflictLines(conflicts, request, style);
  const head = line(span('Changes  ', 'dim'), count(files.length, 'file'));
  if (effects.length === 0) return [[...head, span('   no environment is made of them', 'dim')]];
  const few = (text: string, tone: Tone) =>
    wrap(text, columns - 9)
      .slice(0, 2)
      .map(part => line('         ', span(part, tone)));
  const words = effects.flatMap(({environment, rendered, cluster}) => [
    ...few(`${environment}: ${effectSummary(rendered, look.glyphs)}`, rendered.builds ? 'plain' : 'bad'),
    ...(cluster === null || rendered.objects.length === 0
      ? []
      : few(
          `  on its cluster: ${clusterSummary(cluster, look.glyphs)}`,
          'unknown' in cluster ? 'drift' : 'plain',
        )),
  ]);
  const asking =
    known.asked === 'no'
      ? [line('         ', span(`${spinnerOf(look.glyphs, style.frame)} asking the clusters`, 'busy'))]
      : [];
  return [head, ...words, ...asking];
}

function effectsInFull({screen, request, style}: Drawn): Line[] {
  const known = screen.effects.get(effectKey(request));
  if (known === undefined) return request.state === 'open' ? [waiting(style)] : [];
  if ('problem' in known) return troubleLines(known.problem.message, style);
  const {files, conflicts, effects} = known.effect;
  const lines = [
    line(span('Files', 'strong')),
    ...files.map(({path, added, removed, binary}) =>
      line(
        `  ${path}`,
        ...(binary
          ? [span(' binary', 'dim')]
          : [span(` +${added}`, 'added'), span(` -${removed}`, 'removed')]),
      ),
    ),
  ];
  if (conflicts.length > 0) return [...lines, [], ...conflictLines(conflicts, request, style)];
  for (const {environment, rendered, cluster} of effects) {
    lines.push([], line(span(`Merged, ${environment} would want`, 'strong')));
    lines.push(...wordedLines(effectLines(rendered, style.look.glyphs), style));
    if (cluster === null || rendered.objects.length === 0) continue;
    lines.push(line(span('and on its cluster', 'strong')));
    lines.push(...wordedLines(clusterLines(cluster, style.look.glyphs), style));
  }
  return lines;
}

function conflictLines(
  conflicts: readonly string[],
  {base}: ListedPullRequest,
  style: FeedbackStyle,
): Line[] {
  const words = `it conflicts with ${base} in ${conflicts.join(', ')}: what a merge would make can't be told`;
  return troubleLines(words, style);
}

function troubleLines(words: string, {columns, look}: FeedbackStyle): Line[] {
  return wrap(`${look.glyphs.failed} ${words}`, columns - 9).map((part, index) =>
    line(span(index === 0 ? 'Changes  ' : '         ', 'dim'), span(part, 'bad')),
  );
}

function waiting({look, frame}: FeedbackStyle): Line {
  return line(
    span('Changes  ', 'dim'),
    span(`${spinnerOf(look.glyphs, frame)} rendering what a merge would make`, 'busy'),
  );
}

function wordedLines(lines: readonly EffectLine[], {columns}: FeedbackStyle): Line[] {
  return lines.flatMap(({text, tone, depth}) =>
    wrap(text, columns - 2 - depth).map(part => line(span(`${' '.repeat(2 + depth)}${part}`, tone))),
  );
}
