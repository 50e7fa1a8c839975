import {effectFacts} from '../../changes/effect/facts.ts';
import {asciiStyle, plainStyle} from '../../changes/effect/words.ts';
import type {Deployment} from '../../engines/types.ts';
import {signatureWord, signatureWords} from '../../revisions/signature-words.ts';
import {shownTags} from '../../text/tags.ts';
import type {PullRequest, Signature} from '../session.ts';
import {wideFrom} from '../state/layout.ts';
import {chosenRevision, notedRevision} from '../state/screens/revisions-screen.ts';
import type {AppState, CommitDetail, RevisionsScreen} from '../state/state.ts';
import {isShown} from '../state/waiting.ts';
import {ago} from '../text/age.ts';
import {type Line, line, type Span, span, type Tone} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';

/** What is known of the chosen commit: who, what it does, rendered, and which files it changes. */
export function revisionDetailLines(
  state: AppState,
  screen: RevisionsScreen,
  look: Look,
  frame: number,
): Line[] {
  const chosen = chosenRevision(screen);
  if (chosen === undefined) return [];
  const revision = notedRevision(screen, chosen);
  const {signature} = revision;
  const detail = screen.details.get(revision.sha);
  const asked = state.requests.find(
    ({call}) => (call.name === 'commitDetail' || call.name === 'commitEffect') && call.sha === revision.sha,
  );
  // Who steps through the log sees no words come and go.
  const isLong = asked === undefined || isShown(asked.askedAt, state.now);
  const busy = (words: string) =>
    isLong ? line(span(`${spinnerOf(look.glyphs, frame)} ${words}`, 'busy')) : [];
  const refs = refSpans(revision);
  const lines = [
    line(
      span(revision.author, 'strong'),
      state.size.columns >= wideFrom ? ` <${revision.email}>` : '',
      `  ${localTime(revision.time)}`,
      ...(detail === undefined || detail.problem !== null ? [] : ['   ', ...fileCount(detail)]),
      revision.pullRequest === null ? '' : `   PR ${revision.pullRequest.mark}`,
      ...(signature === undefined ? [] : ['   ', signatureSpan(signature, look)]),
    ),
    line(span(revision.subject, 'strong'), ...refs),
  ];
  const signed =
    signature === undefined || signature.verdict === 'none'
      ? []
      : [fact('Signature', signatureWords(signature), signatureTone(signature))];
  // What should not be there comes first, the rest of it where there is room.
  const isWrong = signature?.verdict === 'bad' || signature?.verdict === 'revoked';
  if (isWrong) lines.push(...signed);
  lines.push(...revision.deployments.slice(0, 2).map(deployment => deploymentLine(deployment, state.now)));
  if (detail === undefined) return [...lines, busy('reading the commit')];
  if (detail.problem !== null)
    return [...lines, line(span(`${look.glyphs.failed} ${detail.problem.message}`, 'bad'))];
  const request = screen.pullRequests.get(revision.sha) ?? null;
  if (request !== null) lines.push(fact('PR', pullRequestWords(request)));
  const effect = screen.effects.get(revision.sha);
  if (effect === undefined) lines.push(busy('rendering what it changes'));
  else if ('problem' in effect) lines.push(fact('Effect', effect.problem, 'bad'));
  else {
    const style = look.glyphs.arrow === asciiStyle.arrow ? asciiStyle : plainStyle;
    lines.push(...effectFacts(effect, style).map(({name, text, tone}) => fact(name, text, tone)));
  }
  if (!isWrong) lines.push(...signed);
  return [...lines, ...fileLines(detail, state.size.columns - 4, look)];
}

function pullRequestWords({number, state, author, title, url}: PullRequest): string {
  const mark = url.includes('/merge_requests/') ? '!' : '#';
  return `${mark}${number} ${state}${author === null ? '' : `, by ${author}`}: ${title}  ${url}`;
}

function fact(name: string, text: string, tone: Tone = 'plain'): Line {
  return line(span(name.padEnd(10), 'dim'), span(text, tone));
}

/** Tags by name, and branches. */
function refSpans({refs, tags}: {refs: readonly string[]; tags: readonly string[]}): Span[] {
  const branches = refs.filter(ref => !tags.includes(ref));
  const shown = shownTags(tags);
  return [
    ...(shown.length === 0
      ? []
      : [span(`   ${shown.length === 1 ? 'tag' : 'tags'} ${shown.join(', ')}`, 'drift')]),
    ...(branches.length === 0 ? [] : [span(`   ${branches.join(', ')}`, 'busy')]),
  ];
}

function signatureSpan(signature: Signature, look: Look): Span {
  const glyph = signatureGlyph(signature, look);
  // Without glyphs the verdict is said in its word: `signed` alone would be one.
  const signed = glyph === '' ? `signature ${signatureWord(signature)}` : `${glyph} signed`;
  return span(signature.verdict === 'none' ? 'not signed' : signed, signatureTone(signature));
}

/** A signature in one column: nothing where there is none. */
export function signatureGlyph({verdict}: Signature, {glyphs}: Look): string {
  switch (verdict) {
    case 'good':
      return glyphs.synced;
    case 'none':
      return '';
    case 'unknown-signer':
    case 'unchecked':
      return glyphs.unknown;
    default:
      return glyphs.failed;
  }
}

export function signatureTone({verdict}: Signature): Tone {
  switch (verdict) {
    case 'good':
      return 'good';
    case 'bad':
    case 'revoked':
      return 'bad';
    case 'expired':
      return 'drift';
    default:
      return 'dim';
  }
}

function deploymentLine(deployment: Deployment, now: number): Line {
  const {pruned, tookSeconds} = deployment;
  const prune = pruned === null ? '' : `, prune ${pruned ? 'on' : 'off'}`;
  const took = tookSeconds === null ? '' : `, took ${Math.round(tookSeconds)}s`;
  return fact('Deployed', `${ago(deployment.time, now)} by ${deployment.by}${prune}${took}`);
}

function fileCount({files}: CommitDetail): Span[] {
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return [span(count(files.length, 'file')), span(` +${added}`, 'added'), span(` -${removed}`, 'removed')];
}

function fileLines({files}: CommitDetail, room: number, look: Look): Line[] {
  return files.map((file, index) =>
    line(
      span((index === 0 ? 'Files' : '').padEnd(10), 'dim'),
      clipMiddle(file.path, room - 24, look.glyphs.ellipsis),
      ...(file.binary
        ? [span(' binary', 'dim')]
        : [span(` +${file.added}`, 'added'), span(` -${file.removed}`, 'removed')]),
    ),
  );
}

/** A commit's time as its author's clock had it: `2026-08-05 14:02`. */
function localTime(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
