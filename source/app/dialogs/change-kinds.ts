import {keySpan, keyWord} from '../keys/key-words.ts';
import {itemLine} from '../screens/promotion-item.ts';
import type {ChangePreview, ChangeRequest, PromotePreview} from '../session.ts';
import {sharedBy} from '../state/dialogs/adoption.ts';
import type {AppState} from '../state/state.ts';
import {type Line, line, span} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {adoptionLines} from './adoption-content.ts';
import {checkbox, radio} from './buttons.ts';

/** The heading of a change's dialog. */
export function changeTitle(request: ChangeRequest): string {
  switch (request.kind) {
    case 'adopt':
      return `Adopt what is live in ${request.environment}`;
    case 'revert':
      if (request.only === true) return `Undo ${request.target?.slice(0, 7) ?? ''} in ${request.environment}`;
      return `Revert ${request.environment} to ${request.target?.slice(0, 7) ?? 'the last known good'}`;
    case 'images':
      return `Update images of ${request.environment}`;
    case 'promote':
      return `Promote ${request.from} to ${request.environment}`;
  }
}

/** What a kind of change says of its plan, above the files; with whom else it reaches. */
export function factLines(preview: ChangePreview, columns: number, look: Look, rows: number): Line[] {
  const also = preview.alsoAffects.length === 0 ? '' : `Also affects: ${preview.alsoAffects.join(', ')}`;
  switch (preview.kind) {
    case 'adopt':
      return [
        ...adoptionLines(preview, columns, look, rows),
        ...(also === '' ? [] : [line(span(also, 'drift'))]),
      ];
    case 'revert': {
      const undone = preview.plan.undone.map(({sha}) => sha.slice(0, 7));
      const shown = undone.slice(0, 5).join(', ') + (undone.length > 5 ? ', …' : '');
      const reach = also === '' ? '' : `     ${also}`;
      return [
        line(
          `Undoes ${count(undone.length, 'commit')}${shown === '' ? '' : `: ${shown}`}`,
          span(reach, 'drift'),
        ),
      ];
    }
    case 'images': {
      const shown = preview.request.updates.slice(0, 6);
      const left = preview.request.updates.length - shown.length;
      return [
        ...shown.map(({image, target}) =>
          line(span('Image   ', 'dim'), `${image} `, span(versionOf(target), 'strong')),
        ),
        ...(left > 0 ? [line(span(`        and ${left} more`, 'dim'))] : []),
        ...(also === '' ? [] : [line(span(also, 'drift'))]),
      ];
    }
    case 'promote':
      return [...promotedLines(preview, look), ...(also === '' ? [] : [line(span(also, 'drift'))])];
  }
}

/** The ways to do it, where a kind of change has several. */
export function wayLines(
  state: AppState,
  request: ChangeRequest,
  preview: ChangePreview | null,
  look: Look,
): Line[] {
  switch (request.kind) {
    case 'adopt': {
      const isShared = preview?.kind === 'adopt' && sharedBy(preview).length > 0;
      if (!isShared && request.inShared !== true) return [];
      const {chosen} = look.glyphs;
      return [
        radio(
          request.inShared !== true,
          chosen,
          keyWord(state, 'restore'),
          `in ${request.environment} alone`,
        ),
        radio(
          request.inShared === true,
          chosen,
          keyWord(state, 'revert-commits'),
          'where it is set, also in files that others share',
        ),
      ];
    }
    case 'revert': {
      const {chosen} = look.glyphs;
      const path = preview?.plan.path ?? '';
      const folder = path === '' ? 'the folder' : path;
      return [
        radio(
          request.mode === 'restore',
          chosen,
          keyWord(state, 'restore'),
          `restore ${folder} as it was, one new commit`,
        ),
        radio(
          request.mode === 'revert-commits',
          chosen,
          keyWord(state, 'revert-commits'),
          'undo each commit, in other folders too',
        ),
        radio(
          request.mode === 'environment-only',
          chosen,
          keyWord(state, 'environment-only'),
          `undo each commit, inside ${folder} only`,
        ),
        ...(request.mode === 'restore' || request.target === null
          ? []
          : [
              [
                span('    '),
                ...checkbox(
                  request.only === true,
                  keyWord(state, 'alone'),
                  'this commit alone: what came after it stays',
                ),
              ],
            ]),
        ...mergeLines(state, preview),
      ];
    }
    case 'images':
    case 'promote':
      return [];
  }
}

/** The merges that are undone, and to which parent: the branch's own side is most often the first. */
function mergeLines(state: AppState, preview: ChangePreview | null): Line[] {
  const merges = preview?.kind === 'revert' ? preview.plan.merges : [];
  const [first] = merges;
  if (first === undefined) return [];
  const which = merges.length === 1 ? `Merge ${first.sha.slice(0, 7)}` : `${merges.length} merges`;
  return [
    line(
      span('    '),
      `${which} undone to parent ${first.mainline} of ${first.parents}  `,
      keySpan(state, 'mainline'),
      span(' another', 'dim'),
    ),
  ];
}

/** What an image's new name says after its own: `to 1.28.0`, `to 1.28.0@sha256:0123456…`. */
function versionOf(target: string): string {
  const at = target.indexOf('@');
  const digest = at < 0 ? '' : `@${target.slice(at + 1, at + 15)}…`;
  const named = at < 0 ? target : target.slice(0, at);
  const tag = /:([^:/]+)$/.exec(named)?.[1] ?? '';
  return `to ${tag}${digest}`;
}

/** So many items are named in the dialog; the patch has them all. */
const namedItems = 4;

function promotedLines({items, request}: PromotePreview, look: Look): Line[] {
  if (request.way === 'merge')
    return [line(`Merges ${request.from} whole, at ${request.source?.slice(0, 7) ?? ''}`)];
  const more = items.length - namedItems;
  return [
    ...items.slice(0, namedItems).map(item => line(span('Sets    ', 'dim'), ...itemLine(item, look))),
    ...(more > 0 ? [line(span(`        and ${count(more, 'more item')}`, 'dim'))] : []),
  ];
}
