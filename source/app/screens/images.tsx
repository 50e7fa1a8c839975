import {formatIdentity} from '../../resources/identity.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {keyWord} from '../keys/key-words.ts';
import type {ImageUpdate} from '../session.ts';
import {imagePanes, imagesHeight} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {isWaiting} from '../state/requests.ts';
import {chosenImage, imageKeys, imagesTrouble, shownImages} from '../state/screens/images-screen.ts';
import type {AppState, ImagesScreen} from '../state/state.ts';
import {ageOf, ago} from '../text/age.ts';
import {dimmed, type Line, line, span, type Tone, wrap} from '../text/line.ts';
import {clipImage} from '../text/shorten.ts';
import {type Column, columnWidths, tableHead, tableRow} from '../text/table.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {leadOf, nothingShown, viewWords} from './view-words.ts';

interface ImagesProps {
  readonly state: AppState;
  readonly screen: ImagesScreen;
  readonly look: Look;
  readonly frame: number;
}

const columns: readonly Column[] = [
  {title: 'IMAGE', yields: {order: 2, least: 18}, cut: clipImage},
  {title: 'STATE'},
  {title: 'TO', yields: {order: 3, least: 8}},
  {title: 'STEP'},
  {title: 'BUILT'},
  {title: 'POLICY', yields: {order: 1, least: 9}},
];

/** The images of an environment: which are behind their policy, and what each could become. */
export function ImagesView(props: ImagesProps) {
  const {state, screen, look} = props;
  const panes = imagePanes(state.size);
  const chosen = chosenImage(screen);
  return (
    <ListAndDetail
      columns={state.size.columns}
      look={look}
      list={{
        title: line(span(`Images ${screen.environment}`, 'strong'), ` ${summary(screen)}`),
        right: viewWords(
          screen,
          {shown: shownImages(screen), listed: 'listed', only: 'not current only'},
          look,
        ),
        scroll: {top: screen.list.top, height: imagesHeight(state), length: imageKeys(screen).length},
        rows: panes.list,
        lines: listLines(props),
      }}
      detail={{
        title: line(span(chosen === undefined ? '' : lastPart(chosen.image), 'strong')),
        rows: panes.detail,
        lines: chosen === undefined ? [] : detailLines(props, chosen),
      }}
    />
  );
}

function summary({images}: ImagesScreen): string {
  const of = (state: ImageUpdate['state']) => (images ?? []).filter(image => image.state === state).length;
  const parts = [
    of('newer') > 0 ? `${of('newer')} newer` : '',
    of('suggested') > 0 ? `${of('suggested')} suggested` : '',
    of('unknown') > 0 ? `${of('unknown')} unknown` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function listLines({state, screen, look, frame}: ImagesProps): Line[] {
  const {glyphs} = look;
  const spinner = spinnerOf(glyphs, frame);
  const trouble = troubleLines(screen, state, look);
  if (screen.images === null) {
    if (trouble.length > 0) return trouble;
    const words = isWaiting(state, ({name}) => name === 'imageUpdates') ? 'reading the images of git' : '';
    return [line(span(`${spinner} ${words}`, 'busy'))];
  }
  if (screen.images.length === 0)
    return [...trouble, line('Nothing that this environment has in git names an image.')];
  const nothing = nothingShown(screen, shownImages(screen), 'current');
  if (nothing !== null) return [...trouble, ...nothing];
  const {top} = screen.list;
  const shown = shownImages(screen).items.slice(top, top + imagesHeight(state));
  const cells = shown.map(image => imageCells(image, state.now, look, spinner));
  const widths = columnWidths(columns, cells, state.size.columns - 4 - 4);
  const chosen = chosenIndex(screen.list, imageKeys(screen));
  const lead = leadOf(screen, imageKeys(screen), look);
  const rows = cells.map((row, index): Line => {
    const [marker, mark] = lead(index + top, index + top === chosen);
    const cellsOf = [
      ...line(marker ?? '', ' ', mark ?? '', ' '),
      ...tableRow(columns, row, widths, glyphs.ellipsis),
    ];
    return screen.failure === null ? cellsOf : dimmed(cellsOf);
  });
  return [...trouble, [span('    '), ...tableHead(columns, widths, glyphs.ellipsis)], ...rows];
}

/** What went wrong as a whole: nothing could be asked, or git could not be read whole. */
function troubleLines(screen: ImagesScreen, state: AppState, look: Look): Line[] {
  const what = imagesTrouble(screen);
  if (what === null) return [];
  const {message, fix} = what;
  const words = `${look.glyphs.failed} ${message}${fix === undefined ? '' : `; ${fix}`}`;
  return wrap(
    screen.failure === null ? words : `${words}   ${keyWord(state, 'refresh')} tries again`,
    state.size.columns - 4,
  )
    .slice(0, 2)
    .map(text => line(span(text, 'bad')));
}

const states: Record<ImageUpdate['state'], Tone> = {
  pending: 'busy',
  current: 'good',
  newer: 'drift',
  suggested: 'plain',
  unknown: 'dim',
};

function stateCell(image: ImageUpdate, {glyphs}: Look, spinner: string): Line {
  const glyph = {
    pending: spinner,
    current: glyphs.synced,
    newer: glyphs.up,
    suggested: glyphs.up,
    unknown: glyphs.unknown,
  }[image.state];
  return line(span(`${glyph} ${image.state === 'pending' ? 'asking' : image.state}`, states[image.state]));
}

function imageCells(image: ImageUpdate, now: number, look: Look, spinner: string): Line[] {
  const {targetTag, step, created, policy, state} = image;
  const isMoving = state === 'newer' || state === 'suggested';
  return [
    line(image.image),
    stateCell(image, look, spinner),
    line(isMoving && targetTag !== null ? targetTag : ''),
    line(span(isMoving ? (step ?? '') : '', step === 'major' || step === 'down' ? 'bad' : 'plain')),
    line(created === null ? '' : ageOf(created, now)),
    line(policy === null ? span('none', 'dim') : policy.words === '' ? policy.name : policy.words),
  ];
}

function detailLines({state, look}: ImagesProps, image: ImageUpdate): Line[] {
  const room = state.size.columns - 4 - 10;
  const fact = (title: string, text: string, tone: Tone = 'plain'): Line[] =>
    text === ''
      ? []
      : wrap(text, room).map((part, index) =>
          line(span((index === 0 ? title : '').padEnd(10), 'dim'), span(part, tone)),
        );
  const {policy, target, created, revision, users, live, problem} = image;
  const built = created === null ? '' : `built ${ago(created, state.now)}`;
  const from = revision === null ? '' : `from commit ${revision.slice(0, 12)}`;
  const whose = users.map(({id, container}) => `${formatIdentity(id)} (${container})`);
  const shown = whose.slice(0, 4).join(', ');
  return [
    ...fact('Image', image.image),
    ...fact(
      'To',
      target === null ? '' : [target, built, from].filter(Boolean).join('  '),
      image.state === 'newer' ? 'drift' : 'plain',
    ),
    ...fact(
      'Policy',
      policy === null
        ? 'none is stated: the highest version of the same kind is only suggested'
        : [policy.words, policy.name].filter(Boolean).join('  '),
    ),
    ...fact('Live', live.join(', '), 'drift'),
    ...fact('Problem', problem === null ? '' : `${look.glyphs.failed} ${problem}`, 'bad'),
    ...fact('Used by', `${shown}${whose.length > 4 ? ` and ${count(whose.length - 4, 'more')}` : ''}`),
  ];
}

function lastPart(image: string): string {
  return image.replace(/@.*$/, '').split('/').at(-1) ?? image;
}
