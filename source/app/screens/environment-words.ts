import type {ResourceDrift} from '../../drift/types.ts';
import type {Problem} from '../../resources/problem.ts';
import {keySpan, keyWord} from '../keys/key-words.ts';
import {hasTrouble} from '../state/layout.ts';
import {firstProblem} from '../state/problems.ts';
import type {AppState, EnvironmentScreen, EnvironmentState} from '../state/state.ts';
import {cancelled} from '../state/waiting.ts';
import {ago} from '../text/age.ts';
import {type Line, line, type Span, span} from '../text/line.ts';
import {environmentStatus, type StatusStyle} from '../text/status.ts';
import type {Look} from '../text/theme.ts';
import {count} from '../text/value.ts';

/** What stands where there are no rows: loading, in sync, filtered away, failed and unreachable each say so. */
export function emptyTreeLines(
  known: EnvironmentState | undefined,
  state: AppState,
  screen: EnvironmentScreen,
  {look, frame, now}: StatusStyle,
): Line[] {
  if (known === undefined) return [line('This environment is gone from the repository.')];
  const {report} = known;
  if (screen.filter !== '' && (report !== null || known.early.length > 0)) {
    return [
      line(
        'Nothing here matches ',
        span(`/${screen.filter}`, 'strong'),
        '; ',
        keySpan(state, 'out'),
        ' clears the filter.',
      ),
    ];
  }
  if (report === null) {
    const problem = firstProblem(known, state);
    if (known.progress !== null || problem === null) return [environmentStatus(known, {look, frame, now})];
    if (problem === cancelled)
      return [
        line(span(`${look.glyphs.unknown} It was not compared: cancelled.`, 'drift')),
        line('  ', keySpan(state, 'refresh'), ' compares it'),
      ];
    const lines = [line(span(`${look.glyphs.failed} ${problem.message}`, 'bad'))];
    if (problem.fix !== undefined) lines.push(line(`  ${problem.fix}`));
    if (known.environment.context === null && state.contextCount > 0) return lines;
    return [...lines, line('  ', keySpan(state, 'refresh'), ' tries again')];
  }
  const {synced} = report.summary;
  if (report.syncStatus === 'Synced' && !report.errors.some(({severity}) => severity === 'error')) {
    // What is from before a failure is no verdict of now.
    if (known.failure !== null && known.checkedAt !== null) {
      const when = ago(known.checkedAt, now);
      return [
        line(
          span(
            `${look.glyphs.unknown} Nothing had drifted as of ${when}; how it is now is not known.`,
            'drift',
          ),
        ),
      ];
    }
    if (synced === 0) {
      const {path} = known.environment;
      return [
        line('Git wants nothing here, and nothing is left over.'),
        line(
          `${path === '' ? 'The repository' : path} holds no manifests yet: commit some, `,
          keySpan(state, 'refresh'),
          ' compares.',
        ),
      ];
    }
    const all = screen.driftOnly ? ` (${keyWord(state, 'drift-only')} shows them)` : '';
    const words = `Nothing drifted: ${count(synced, 'object')} as git says.`;
    return [line(span(look.glyphs.synced, 'good'), ` ${words}${all}`)];
  }
  const compared = synced === 0 ? 'Nothing' : `${count(synced, 'object')} as git says, but not everything`;
  return [
    line(
      span(
        `${look.glyphs.unknown} ${compared} could be compared; ${keyWord(state, 'problems')} says why.`,
        'drift',
      ),
    ),
    ...report.errors.slice(0, 3).flatMap(problem => whyLines(problem, look)),
    line('  ', keySpan(state, 'refresh'), ' tries again'),
  ];
}

/** What keeps an environment from being compared: the file and line, the cause, what to do. */
function whyLines({location, message, fix}: Problem, look: Look): Line[] {
  const where = location === undefined ? '' : `${location.file}:${location.line}: `;
  const cause = line(span(`${look.glyphs.failed} `, 'bad'), span(where, 'strong'), span(message, 'bad'));
  return fix === undefined ? [cause] : [cause, line(`  ${fix}`)];
}

/** What stands where a diff has no lines: of what could not be compared nobody can say that nothing differs. */
export function noDiffLine({status}: ResourceDrift): Line {
  return status === 'Unknown'
    ? line(span('it was not compared: what differs is not known', 'drift'))
    : line(span('no fields differ', 'dim'));
}

/** As of when the rows are, where that is not now: they are what was, not what is. */
export function agePart(known: EnvironmentState | undefined, now: number): Span[] {
  if (known === undefined || known.failure === null || known.checkedAt === null) return [];
  if (known.report?.resources.length === 0) return [];
  return [span(`  as of ${ago(known.checkedAt, now)}`, 'bad')];
}

/** The line that says that the rows above are not the whole truth; null where they are. */
export function troubleLine(state: AppState, known: EnvironmentState, now: number, look: Look): Line | null {
  if (known.report === null || !hasTrouble(known)) return null;
  const problem = firstProblem(known, state);
  if (problem === null) return null;
  const others = known.report.errors.length - (known.failure === null ? 1 : 0);
  const age =
    known.failure === null || known.checkedAt === null ? '' : ` (this is from ${ago(known.checkedAt, now)})`;
  const more = others > 0 ? `, ${others} more` : '';
  return line(
    span(`${look.glyphs.failed} `, 'bad'),
    span(`${keyWord(state, 'problems')} shows`, 'strong'),
    span(`${age}${more}: `, 'dim'),
    span(problem.message, 'bad'),
  );
}
