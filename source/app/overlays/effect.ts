import {clusterLines} from '../../changes/effect/cluster-words.ts';
import {type EffectLine, effectLines} from '../../changes/effect/words.ts';
import type {EnvironmentEffect} from '../session.ts';
import type {Dialog} from '../state/dialogs/dialog.ts';
import {type Line, line, span, wrap} from '../text/line.ts';
import type {Look} from '../text/theme.ts';

/** All that the open dialog's change does, environment by environment: rendered, then on the cluster. */
export function effectOverlayLines(dialog: Dialog | null, look: Look, columns: number): Line[] {
  if (dialog?.kind !== 'change' || dialog.effects === null) return [];
  const {known, failed, asking} = dialog.effects;
  return [
    ...known.flatMap(effect => environmentEffectLines(effect, look, columns)),
    ...failed.flatMap(({environment, message}) =>
      wrap(`${environment}: not known: ${message}`, columns).map(text => line(span(text, 'bad'))),
    ),
    ...(asking.length === 0 ? [] : [line(span('More is being asked.', 'busy'))]),
  ];
}

/** What a change does to one environment; also for other screens that show one. */
export function environmentEffectLines(effect: EnvironmentEffect, look: Look, columns: number): Line[] {
  const {environment, rendered, cluster} = effect;
  const lines = [
    line(span(environment, 'strong'), span('  what git wants', 'dim')),
    ...wrapped(effectLines(rendered, look.glyphs), columns),
    [],
  ];
  if (cluster === null || rendered.objects.length === 0) return lines;
  return [
    ...lines,
    line(span(environment, 'strong'), span('  on the cluster: live, and what would be wanted', 'dim')),
    ...wrapped(clusterLines(cluster, look.glyphs), columns),
    [],
  ];
}

/** The lines of an effect, as wide as the overlay. */
export function wrapped(lines: readonly EffectLine[], columns: number): Line[] {
  return lines.flatMap(({text, tone, depth}) => {
    const indent = ' '.repeat(depth + 2);
    const [first = '', ...rest] = wrap(text, columns - indent.length - 2);
    return [line(indent, span(first, tone)), ...rest.map(part => line(indent, '  ', span(part, tone)))];
  });
}
