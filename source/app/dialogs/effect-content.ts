import {clusterSummary} from '../../changes/effect/cluster-words.ts';
import {effectSummary} from '../../changes/effect/words.ts';
import {keySpan} from '../keys/key-words.ts';
import type {EnvironmentEffect} from '../session.ts';
import type {ChangeEffects} from '../state/dialogs/change-effects.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, span, type Tone, wrap} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';

interface Props {
  look: Look;
  frame: number;
  columns: number;
  state: Pick<AppState, 'preferences'>;
  /** So many lines at most, one at least. */
  room: number;
}

/** The label's columns, as those of the other lines of the dialog. */
const labelWidth = 8;
/** So many lines at most of one thing, and so many other environments: `v` shows all. */
const mostLines = 2;
const mostOthers = 3;

/** What a planned change does, in a few lines: what it renders to, what that means on the cluster, whom else it reaches. */
export function effectLines(effects: ChangeEffects | null, props: Props): Line[] {
  if (effects === null) return [];
  const {known, failed, asking} = effects;
  const [own, ...others] = known;
  const isAsking = asking.length > 0;
  if (own === undefined && failed.length === 0 && !isAsking) return [];
  const {state, look, frame, room} = props;
  const spinner = spinnerOf(look.glyphs, frame);
  const waiting = (words: string) => labelled('', [span(`${spinner} ${words}`, 'busy')]);
  const isWaitingForOwn = asking.some(({cluster}) => cluster === 'ask');
  const lines = [
    ...(own === undefined ? [] : ownLines(own, isWaitingForOwn, props)),
    ...failed.flatMap(({environment, message}) =>
      paragraph('Effect', `not known of ${environment}: ${message}`, 'drift', props),
    ),
    ...(own === undefined && isAsking ? [waiting('working out what it does')] : []),
    ...(own !== undefined && isWaitingForOwn ? [waiting('asking the cluster')] : []),
    ...others.slice(0, mostOthers).flatMap(effect => otherLines(effect, props)),
    ...(others.length > mostOthers
      ? [labelled('', [span(`and ${others.length - mostOthers} environments more`, 'dim')])]
      : []),
  ];
  if (lines.length <= room) return lines;
  const more = labelled('', [keySpan(state, 'dialog-effect'), span(' shows the rest', 'dim')]);
  return room <= 1 ? lines.slice(0, 1) : [...lines.slice(0, room - 1), more];
}

function ownLines({rendered, cluster}: EnvironmentEffect, isWaiting: boolean, props: Props): Line[] {
  const {look} = props;
  const told = paragraph('Effect', effectSummary(rendered, look.glyphs), toneOf(rendered), props);
  if (cluster === null || isWaiting || rendered.objects.length === 0) return told;
  const tone = 'unknown' in cluster ? 'drift' : 'plain';
  return [...told, ...paragraph('Cluster', clusterSummary(cluster, look.glyphs), tone, props)];
}

function otherLines({environment, rendered, cluster}: EnvironmentEffect, props: Props): Line[] {
  const {look} = props;
  const live =
    cluster === null || 'unknown' in cluster || cluster.objects.length === 0
      ? ''
      : `; on its cluster ${clusterSummary(cluster, look.glyphs)}`;
  const words = `${environment}: ${effectSummary(rendered, look.glyphs)}${live}`;
  return paragraph('Also', words, rendered.objects.length > 0 ? 'drift' : toneOf(rendered), props);
}

function toneOf({builds, objects}: EnvironmentEffect['rendered']): Tone {
  if (!builds) return 'bad';
  return objects.length === 0 ? 'dim' : 'plain';
}

function paragraph(label: string, words: string, tone: Tone, {columns, look}: Props): Line[] {
  const lines = wrap(words, columns - labelWidth);
  const shown = lines.slice(0, mostLines);
  if (lines.length > mostLines) {
    const last = shown.pop() ?? '';
    shown.push(`${last.slice(0, Math.max(0, columns - labelWidth - 2))}${look.glyphs.ellipsis}`);
  }
  return shown.map((text, index) => labelled(index === 0 ? label : '', [span(text, tone)]));
}

function labelled(label: string, spans: Line): Line {
  return line(span(label.padEnd(labelWidth), 'dim'), ...spans);
}
