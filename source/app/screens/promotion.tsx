import type {PromotionGroup, PromotionItem} from '../../changes/promotion/types.ts';
import {ListAndDetail} from '../components/list-and-detail.tsx';
import {keySpan} from '../keys/key-words.ts';
import {promotionHeadRows, promotionHeight, promotionPanes} from '../state/layout.ts';
import {chosenIndex} from '../state/lists/list.ts';
import {rangeOf} from '../state/lists/list-keys.ts';
import {isWaiting} from '../state/requests.ts';
import {
  chosenPromotion,
  markedOf,
  type PromotionRow,
  type PromotionScreen,
  promotionKeys,
  promotionRows,
  shownPromotion,
} from '../state/screens/promotion-screen.ts';
import {type AppState, environmentNamed} from '../state/state.ts';
import {fit, type Line, line, lineWidth, span, spread} from '../text/line.ts';
import {shortPair} from '../text/shorten.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {clipMiddle, padEnd, widthOf} from '../text/width.ts';
import {promotionDetail} from './promotion-detail.ts';
import {nothingShown, viewWords} from './view-words.ts';

interface PromotionProps {
  readonly state: AppState;
  readonly screen: PromotionScreen;
  readonly look: Look;
  readonly frame: number;
}

const headings: Readonly<Record<PromotionGroup, string>> = {
  images: 'Images',
  values: 'Values',
  objects: 'Objects',
  files: 'Files, whole',
};

/** What an environment could get from another one, with marks at what goes along; below it the chosen item. */
export function PromotionView(props: PromotionProps) {
  const {state, screen, look} = props;
  const {columns} = state.size;
  const panes = promotionPanes(state.size);
  const chosen = chosenPromotion(screen);
  const isProtected = environmentNamed(state, screen.environment)?.environment.protected === true;
  return (
    <ListAndDetail
      columns={columns}
      look={look}
      list={{
        title: title(screen, look),
        right: rightWords(screen, look),
        scroll: {
          top: screen.list.top,
          height: promotionHeight(state),
          length: promotionKeys(screen).length,
        },
        rows: panes.list,
        lines: listLines(props),
        tone: isProtected ? 'bad' : 'plain',
      }}
      detail={{
        title: detailTitle(chosen),
        rows: panes.detail,
        lines: promotionDetail(state, screen, chosen, {columns: columns - 4, rows: panes.detail - 2, look}),
      }}
    />
  );
}

function title({from, environment}: PromotionScreen, look: Look): Line {
  return line(span(`Promote ${from ?? '?'} ${look.glyphs.arrow} ${environment}`, 'strong'));
}

/** How many are marked is said also where none is: nothing is promoted that is not. */
function rightWords(screen: PromotionScreen, look: Look): Line {
  if (screen.choices === null) return [];
  const words = viewWords(
    screen,
    {shown: shownPromotion(screen), listed: 'listed', only: 'movable only'},
    look,
  );
  return screen.marked.size > 0 ? words : line(span('0 marked  ', 'dim'), ...words);
}

function detailTitle(chosen: PromotionRow | undefined): Line {
  if (chosen === undefined) return [];
  if (chosen.kind === 'group') return line(span(headings[chosen.group], 'strong'));
  const {subject, what, group} = chosen.item;
  return line(span(group === 'files' ? subject : `${subject} ${what}`.trim(), 'strong'));
}

function listLines({state, screen, look, frame}: PromotionProps): Line[] {
  const {glyphs} = look;
  const columns = state.size.columns - 4;
  if (screen.from === null) {
    return [
      line(`Nothing says what ${screen.environment} is promoted from.`),
      line(
        keySpan(state, 'promotion-from'),
        ' chooses an environment; promotesFrom in .gitops-tui.yaml says it for good',
      ),
    ];
  }
  if (screen.failure !== null && screen.choices === null) {
    const {message, fix} = screen.failure;
    return [
      line(span(`${glyphs.failed} ${message}`, 'bad')),
      ...(fix === undefined ? [] : [line(`  ${fix}`)]),
      line(
        '  ',
        keySpan(state, 'refresh'),
        ' tries again  ',
        keySpan(state, 'promotion-from'),
        ' from another environment',
      ),
    ];
  }
  if (screen.choices === null)
    return [
      line(span(`${spinnerOf(glyphs, frame)} comparing ${screen.environment} with ${screen.from}`, 'busy')),
    ];
  const head = cautionLines(state, screen);
  const rows = promotionRows(screen);
  const nothing = nothingShown(screen, shownPromotion(screen), 'an environment’s own');
  if (nothing !== null) return [...head, ...nothing];
  if (rows.length === 0) return [...head, line(`${screen.environment} has all that ${screen.from} has.`)];
  const {top} = screen.list;
  const chosen = chosenIndex(screen.list, promotionKeys(screen));
  const range = rangeOf(screen, promotionKeys(screen));
  const shown = rows.slice(top, top + promotionHeight(state));
  const names = Math.max(0, ...shown.map(row => (row.kind === 'item' ? widthOf(nameOf(row.item)) : 0)));
  return [
    ...head,
    ...shown.map((row, index): Line => {
      const isChosen = index + top === chosen;
      const inRange = range !== null && index + top >= range.first && index + top <= range.last;
      const marker = line(span(isChosen ? '>' : ' ', 'strong'), span(inRange ? '|' : ' ', 'busy'));
      return [...marker, ...rowLine(screen, row, {columns: columns - 2, names}, look)];
    }),
  ];
}

/** What should be known before; a failed look at it again comes first. */
function cautionLines(state: AppState, screen: PromotionScreen): Line[] {
  const rows = promotionHeadRows(state);
  const words = screen.choices?.cautions ?? [];
  const again = screen.failure === null || isWaiting(state, ({name}) => name === 'promotionChoices');
  const said = again ? words : [`as it was before: ${screen.failure?.message ?? ''}`, ...words];
  const more = said.length > rows ? ` (and ${said.length - rows} more)` : '';
  return said
    .slice(0, rows)
    .map((text, index) => line(span(`! ${text}${index === rows - 1 ? more : ''}`, 'drift')));
}

function rowLine(
  screen: PromotionScreen,
  row: PromotionRow,
  {columns, names}: {columns: number; names: number},
  look: Look,
): Line {
  if (row.kind === 'group') {
    const marked = markedOf(screen, row.group);
    return spread(
      line(span(`${headings[row.group]} ${row.items}`, 'strong')),
      line(span(marked === 0 ? '' : count(marked, 'marked', 'marked'), 'dim')),
      columns,
      look.glyphs.ellipsis,
    );
  }
  const {item} = row;
  const {ellipsis, arrow} = look.glyphs;
  const mark =
    item.refused === null
      ? screen.marked.has(item.id)
        ? span('[x] ', 'strong')
        : span('[ ] ')
      : span(' -  ', 'dim');
  const tail = tailOf(item);
  const room = columns - markColumns - lineWidth(tail);
  const name = nameOf(item);
  if (item.group === 'files' || item.group === 'objects') {
    const words = item.group === 'files' ? item.what : item.wanted === null ? 'only here: would go' : 'new';
    const shown = clipMiddle(name, Math.max(10, room - words.length - 2), ellipsis);
    return [mark, ...fit(line(shown, span(`  ${words}`, 'dim')), room, ellipsis), ...tail];
  }
  // One column for all names, half of the row at most.
  const nameRoom = Math.min(names, Math.floor((columns - markColumns - longestTail) / 2));
  const valueRoom = room - nameRoom - 2 - arrow.length - 2;
  const oneLine = (text: string | null) => (text ?? 'not set').replace(/\s*\n\s*/g, ' ');
  const [now, wanted] = shortPair(oneLine(item.now), oneLine(item.wanted), Math.max(8, valueRoom), ellipsis);
  const content = line(
    padEnd(clipMiddle(name, nameRoom, ellipsis), nameRoom),
    '  ',
    span(now, 'dim'),
    ` ${arrow} `,
    span(wanted, item.refused === null ? 'strong' : 'dim'),
  );
  return [mark, ...fit(content, room, ellipsis), ...tail];
}

/** Columns of a mark, and of the longest word behind a row. */
const markColumns = 4;
const longestTail = 7;

function nameOf({group, subject, what}: PromotionItem): string {
  return group === 'files' || what === '' ? subject : `${subject} ${what}`;
}

/** What speaks against an item, in a word. */
function tailOf({refused, own, notes}: PromotionItem): Line {
  if (refused !== null) return line(span("  can't", 'dim'));
  if (own !== null) return line(span('  own', 'drift'));
  return notes.length > 0 ? line(span('  !', 'drift')) : [];
}
