import type {HealthStatus, ResourceStatus} from '../../drift/types.ts';
import type {EnvironmentState, InspectionProgress} from '../state/state.ts';
import {cancelled, isCounted, isShown} from '../state/waiting.ts';
import {ageOf, secondsWords} from './age.ts';
import {type Line, line, span, type Tone} from './line.ts';
import {type Look, spinnerOf} from './theme.ts';

/** Glyph and tone of a resource's status. */
export function statusMark(status: ResourceStatus, look: Look): {glyph: string; tone: Tone} {
  const {glyphs} = look;
  switch (status) {
    case 'Synced':
      return {glyph: glyphs.synced, tone: 'good'};
    case 'Modified':
      return {glyph: glyphs.modified, tone: 'drift'};
    case 'Missing':
      return {glyph: glyphs.missing, tone: 'bad'};
    case 'Extra':
      return {glyph: glyphs.extra, tone: 'bad'};
    case 'Unknown':
      return {glyph: glyphs.unknown, tone: 'dim'};
  }
}

/** The tone of a health status. */
export function healthTone(health: HealthStatus): Tone {
  switch (health) {
    case 'Healthy':
      return 'good';
    case 'Progressing':
      return 'busy';
    case 'Degraded':
    case 'Missing':
      return 'bad';
    case 'Suspended':
      return 'drift';
    case 'Unknown':
      return 'dim';
  }
}

/** What the state of an environment is drawn with. */
export interface StatusStyle {
  readonly look: Look;
  /** The spinner's. */
  readonly frame: number;
  readonly now: number;
  /** True where the room is short. */
  readonly brief?: boolean;
}

/**
 * An environment's state in glyph, word and tone. `in sync` only for a complete answer without an error: anything less is
 * said as what it is, and what is from before a failure with its age.
 */
export function environmentStatus(
  known: EnvironmentState,
  {look, frame, now, brief = false}: StatusStyle,
): Line {
  const {glyphs} = look;
  const {report, progress, environment, failure} = known;
  if (environment.context === null) return line(span(`${glyphs.unknown} no context`, 'dim'));
  const before = report !== null || failure !== null;
  // What was known stays until it is worth a sign that it is asked for anew.
  if (progress !== null && !(before && !isShown(progress.since, now))) {
    const spinner = isShown(progress.since, now) ? spinnerOf(glyphs, Math.max(0, frame)) : ' ';
    return line(span(`${spinner} ${progressWords(progress, now, brief)}`, 'busy'));
  }
  if (failure !== null) {
    const age = report === null || known.checkedAt === null ? '' : oldWords(known.checkedAt, now, brief);
    if (failure === cancelled) return line(span(`${glyphs.unknown} cancelled${age}`, 'drift'));
    return line(span(`${glyphs.failed} failed${age}`, 'bad'));
  }
  if (report === null) return line(span(`${glyphs.unknown} not compared`, 'dim'));
  const isBroken = report.errors.some(({severity}) => severity === 'error');
  const health = report.healthStatus;
  const ill = health === 'Healthy' || health === 'Unknown' ? '' : `, ${health.toLowerCase()}`;
  const healthPart = ill === '' ? [] : [span(ill, healthTone(health))];
  if (report.syncStatus === 'Synced' && report.summary.unknown === 0 && !isBroken) {
    return [span(`${glyphs.synced} in sync`, 'good'), ...healthPart];
  }
  if (report.syncStatus === 'OutOfSync') return [span(`${glyphs.modified} drift`, 'drift'), ...healthPart];
  if (isBroken && report.resources.length === 0) return line(span(`${glyphs.failed} failed`, 'bad'));
  return [span(`${glyphs.unknown} unknown`, 'dim'), ...healthPart];
}

/** How old what is shown is, behind the state: `, 5m old`; in brief ` 5m`. */
function oldWords(checkedAt: number, now: number, brief: boolean): string {
  const age = ageOf(checkedAt, now);
  if (brief) return age === 'now' ? '' : ` ${age}`;
  return age === 'now' ? ', as of just now' : `, ${age} old`;
}

/** How far an inspection is: `listing 214/890`, `connecting 4s`; in brief only `214/890` where there is a number. */
export function progressWords(progress: InspectionProgress, now: number, brief = false): string {
  const {phase, done, total, since} = progress;
  const word = {source: 'reading git', connect: 'connecting', list: 'listing', compare: 'comparing'}[phase];
  if (total !== null && total > 0) return `${brief ? '' : `${word} `}${done}/${total}`;
  if (done > 0) return `${word} ${done}`;
  return isCounted(since, now) ? `${word} ${secondsWords(now - since)}` : word;
}
