import type {ChangePreview, EnvironmentEffect, Session} from '../app/session.ts';
import {clusterLines, clusterSummary} from '../changes/effect/cluster-words.ts';
import {type EffectLine, type EffectStyle, effectLines, effectSummary} from '../changes/effect/words.ts';
import {plain, plainLine} from '../text/plain.ts';

/**
 * What a planned change does, for people: object by object to its own environment, with `askCluster` also to its cluster,
 * and in a line each to whom else it reaches. What can't be found out is said: it keeps nothing from being done.
 */
export async function effectText(
  session: Pick<Session, 'effect'>,
  {plan, request, alsoAffects}: ChangePreview,
  {askCluster, style}: {askCluster: boolean; style: EffectStyle},
  signal: AbortSignal,
): Promise<string> {
  const change = {from: plan.base, to: plan.resultTree};
  const lines: string[] = [];
  for (const name of [request.environment, ...alsoAffects]) {
    const isOwn = name === request.environment;
    try {
      const cluster = isOwn && askCluster ? 'ask' : 'no';
      const effect = await session.effect(name, change, {cluster}, signal);
      lines.push(
        ...(isOwn ? ownLines(effect, style) : [`Also ${name}: ${effectSummary(effect.rendered, style)}`]),
      );
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      lines.push(`What it does to ${name} is not known: ${plainLine(why)}`);
    }
  }
  return `${plain(lines.join('\n'))}\n`;
}

function ownLines({environment, rendered, cluster}: EnvironmentEffect, style: EffectStyle): string[] {
  const lines = [
    `In ${environment}: ${effectSummary(rendered, style)}`,
    ...(rendered.objects.length > 0 || !rendered.builds ? indented(effectLines(rendered, style)) : []),
  ];
  if (cluster === null || rendered.objects.length === 0) return lines;
  return [
    ...lines,
    `On its cluster: ${clusterSummary(cluster, style)}`,
    ...('unknown' in cluster ? [] : indented(clusterLines(cluster, style))),
  ];
}

/** A line each, whatever line ends are in the values. */
function indented(lines: readonly EffectLine[]): string[] {
  return lines.map(({text, depth}) => `${' '.repeat(depth + 2)}${plainLine(text)}`);
}
