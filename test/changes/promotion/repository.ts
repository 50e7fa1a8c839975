import type {TestContext} from 'node:test';
import {planChange} from '../../../source/changes/plan.ts';
import {promotionChoices} from '../../../source/changes/promotion/choices.ts';
import type {PromoteRequest, PromotionItem} from '../../../source/changes/promotion/types.ts';
import type {ChangeContext} from '../../../source/changes/publish.ts';
import type {PromotePreview} from '../../../source/changes/types.ts';
import type {Environment} from '../../../source/environments/types.ts';
import {type GitFolder, identify, temporaryFolder, untidy, withRemote} from '../../repository/git-folder.ts';
import {contextOf, environment} from '../context.ts';

/** A repository with a remote, an untidy checkout, and the environments staging and production. */
export interface PromotionFolder {
  checkout: GitFolder;
  remote: GitFolder;
  environments: readonly Environment[];
  context: ChangeContext;
  /** What production could get from staging. */
  items(): Promise<readonly PromotionItem[]>;
  /** The plan to promote these items (by their ids), or what is chosen by default. */
  plan(items?: readonly string[] | null, more?: Partial<PromoteRequest>): Promise<PromotePreview>;
  /** A file as the plan would have it; null where it would be gone. */
  planned(preview: PromotePreview, file: string): Promise<string | null>;
}

/** Makes the repository of these files; both environments are folders below `envs` unless the test says otherwise. */
export async function promotionFolder(
  context: TestContext,
  files: Record<string, string>,
  more: {
    staging?: Partial<Environment>;
    production?: Partial<Environment>;
    changes?: Partial<ChangeContext>;
  } = {},
): Promise<PromotionFolder> {
  const {checkout, remote} = await withRemote(temporaryFolder(context), files);
  await identify(checkout);
  await untidy(checkout, Object.keys(files)[0] ?? 'README');
  const environments = [
    environment('staging', more.staging),
    environment('production', {promotesFrom: 'staging', ...more.production}),
  ];
  const changes = await contextOf(checkout.root, environments, more.changes);
  return {
    checkout,
    remote,
    environments,
    context: changes,
    items: async () => (await promotionChoices(changes, {environment: 'production', from: null})).items,
    async plan(items = null, wish = {}) {
      const preview = await planChange(changes, {
        kind: 'promote',
        environment: 'production',
        from: 'staging',
        source: null,
        way: 'items',
        items,
        ...wish,
      });
      if (preview.kind !== 'promote') throw new Error('not a promotion');
      return preview;
    },
    async planned({plan}, file) {
      const listed = await checkout.git('ls-tree', plan.resultTree, '--', file);
      return listed === ''
        ? null
        : `${await checkout.git('cat-file', 'blob', `${plan.resultTree}:${file}`)}\n`;
    },
  };
}

/** Ids of the items of a group, or of all. */
export function idsOf(items: readonly PromotionItem[], group?: PromotionItem['group']): string[] {
  return items.filter(item => group === undefined || item.group === group).map(({id}) => id);
}
