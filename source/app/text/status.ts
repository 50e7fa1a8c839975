import type {HealthStatus, ResourceStatus} from '../../drift/types.ts';
import type {EnvironmentState} from '../state/state.ts';
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

/**
 * An environment's state in glyph, word and tone. `in sync` only for a complete answer without an error: anything less is
 * said as what it is.
 */
export function environmentStatus(known: EnvironmentState, look: Look, frame: number, brief = false): Line {
  const {glyphs} = look;
  const {report, progress, environment, failure} = known;
  if (environment.context === null) return line(span(`${glyphs.unknown} no context`, 'dim'));
  if (progress !== null) {
    const spinner = spinnerOf(glyphs, frame);
    return line(span(`${spinner} ${progressWords(progress, brief)}`, 'busy'));
  }
  if (failure !== null) return line(span(`${glyphs.failed} failed`, 'bad'));
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

/** `listing 214/890`, `connecting`; in brief only `214/890` where there is a number. */
function progressWords(
  progress: {phase: string; done: number; total: number | null},
  brief: boolean,
): string {
  const words: Record<string, string> = {
    source: 'reading git',
    connect: 'connecting',
    list: 'listing',
    compare: 'comparing',
  };
  const word = words[progress.phase] ?? progress.phase;
  if (progress.total !== null && progress.total > 0) {
    return `${brief ? '' : `${word} `}${progress.done}/${progress.total}`;
  }
  return progress.done > 0 ? `${word} ${progress.done}` : word;
}
