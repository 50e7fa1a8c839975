import type {ChangePreview, ChangeRequest} from '../session.ts';
import {type Line, line, span} from '../text/line.ts';
import type {Look} from '../text/theme.ts';
import {count} from '../text/value.ts';
import {radio} from './buttons.ts';

/** The heading of a change's dialog. */
export function changeTitle(request: ChangeRequest): string {
  switch (request.kind) {
    case 'revert':
      return `Revert ${request.environment} to ${request.target.slice(0, 7)}`;
  }
}

/** What a kind of change says of its plan, above the files; with whom else it reaches. */
export function factLines(preview: ChangePreview): Line[] {
  const also = preview.alsoAffects.length === 0 ? '' : `Also affects: ${preview.alsoAffects.join(', ')}`;
  switch (preview.kind) {
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
  }
}

/** The ways to do it, where a kind of change has several. */
export function wayLines(request: ChangeRequest, preview: ChangePreview | null, look: Look): Line[] {
  switch (request.kind) {
    case 'revert': {
      const {chosen} = look.glyphs;
      const path = preview?.plan.path ?? '';
      const folder = path === '' ? 'the folder' : path;
      return [
        radio(request.mode === 'restore', chosen, 'm', `restore ${folder} as it was, one new commit`),
        radio(request.mode === 'revert-commits', chosen, 't', 'git revert each commit after it'),
      ];
    }
  }
}
