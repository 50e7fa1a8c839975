import type {HiddenField} from '../../../drift/types.ts';
import type {FieldCommit, FieldNews, FieldOwnerSeen, FieldQuestion, FieldSide} from '../../../looks/types.ts';
import type {Problem, SourceLocation} from '../../../resources/problem.ts';
import {chosenIndex, emptyList, type ListState} from '../lists/list.ts';

/** A field of a resource, and the history of both its sides. */
export interface FieldScreen {
  readonly id: 'field';
  readonly environment: string;
  readonly question: FieldQuestion;
  /** As people write it. */
  readonly path: string;
  readonly list: ListState;
  /** Null until they are known. */
  readonly live: FieldSide | null;
  readonly applied: FieldSide | null;
  readonly git: FieldSide | null;
  readonly owners: readonly FieldOwnerSeen[];
  readonly location: SourceLocation | null;
  readonly commits: readonly FieldCommit[];
  readonly walked: Extract<FieldNews, {type: 'walked'}> | null;
  readonly failure: Problem | null;
}

export type FieldRow =
  | {readonly kind: 'side'; readonly key: 'git' | 'live' | 'applied'; readonly side: FieldSide | null}
  | {readonly kind: 'owner'; readonly key: string; readonly owner: FieldOwnerSeen}
  | {readonly kind: 'commit'; readonly key: string; readonly commit: FieldCommit};

export function fieldScreen(environment: string, question: FieldQuestion, path: string): FieldScreen {
  return {
    id: 'field',
    environment,
    question,
    path,
    list: emptyList,
    live: null,
    applied: null,
    git: null,
    owners: [],
    location: null,
    commits: [],
    walked: null,
    failure: null,
  };
}

/** The rows: both sides, who owns it, the commits. */
export function fieldRows(screen: FieldScreen): readonly FieldRow[] {
  const {git, live, applied, owners, commits} = screen;
  return [
    {kind: 'side', key: 'git', side: git},
    {kind: 'side', key: 'live', side: live},
    ...(applied === null || 'value' in applied
      ? [{kind: 'side', key: 'applied', side: applied} as const]
      : []),
    ...owners.map(
      (owner): FieldRow => ({
        kind: 'owner',
        key: `owner ${owner.manager} ${owner.operation} ${owner.subresource} ${owner.owns}`,
        owner,
      }),
    ),
    ...commits.map((commit): FieldRow => ({kind: 'commit', key: commit.sha, commit})),
  ];
}

export function chosenFieldRow(screen: FieldScreen): FieldRow | undefined {
  const rows = fieldRows(screen);
  return rows[
    chosenIndex(
      screen.list,
      rows.map(({key}) => key),
    )
  ];
}

/** The screen after news. */
export function withFieldNews(screen: FieldScreen, news: FieldNews): FieldScreen {
  switch (news.type) {
    case 'live':
      return {...screen, live: news.live, owners: news.owners, applied: news.applied};
    case 'git':
      return {...screen, git: news.git, location: news.location};
    case 'commit':
      return {...screen, commits: [...screen.commits, news.commit]};
    case 'walked':
      return {...screen, walked: news};
  }
}

/** What is ignored of a resource at this field, around it or in it. */
export function ignoredAt(hidden: readonly HiddenField[], path: string): readonly HiddenField[] {
  return hidden.filter(
    field =>
      field.reason === 'ignored' &&
      (field.path === path || isBelow(field.path, path) || isBelow(path, field.path)),
  );
}

function isBelow(path: string, ancestor: string): boolean {
  return path.startsWith(ancestor) && /^[.[]/.test(path.slice(ancestor.length));
}
