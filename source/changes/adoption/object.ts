import path from 'node:path/posix';
import type {Engine} from '../../engines/types.ts';
import type {Environment} from '../../environments/types.ts';
import {editedTree} from '../../repository/edited-tree.ts';
import {identityKey, type ResourceId} from '../../resources/identity.ts';
import {equalJson, isObject, type JsonObject} from '../../resources/json.ts';
import {isSecretKind} from '../../secrets/known.ts';
import {addItem} from '../../sources/edit/edit.ts';
import {usualStyle} from '../../sources/edit/style.ts';
import {blockLines} from '../../sources/edit/write.ts';
import {kustomizeFiles} from '../../sources/kustomize-files.ts';
import {loadSource, sourceKustomizations} from '../../sources/load.ts';
import type {SourceResult} from '../../sources/types.ts';
import type {ChangeContext} from '../publish.ts';
import type {Draft, LocateOptions} from '../setters/locate.ts';
import {sameResource} from '../setters/verify.ts';
import {manifestOf, ownerOf} from './noise.ts';
import {leakRefusal} from './refusals.ts';
import type {AdoptedField, LeftField} from './types.ts';

interface Adopting {
  context: ChangeContext;
  environment: Environment;
  engine: Engine;
  id: ResourceId;
  options: LocateOptions & {signal: AbortSignal};
}

/** Adds a live object that git does not hold as a manifest of its own, or says why that can't be. */
export async function adoptObject(
  {context, environment, engine, id, options}: Adopting,
  made: {draft: Draft; adopted: AdoptedField[]; left: LeftField[]},
): Promise<void> {
  const leave = (reason: string): void => {
    made.left.push({id, path: '', reason, settled: false});
  };
  const {signal} = options;
  const report = await engine.inspect(signal);
  const found = report.resources.find(resource => identityKey(resource.id) === identityKey(id));
  if (found?.status !== 'Extra' || found.live === null) {
    leave('neither git nor what is tracked of it in the cluster has it');
    return;
  }
  const {live} = found;
  if (isSecretKind(live)) {
    leave(
      'values of Secrets are never written into git in the clear: commit it encrypted (sops, kubeseal) or by an ExternalSecret',
    );
    return;
  }
  const owner = ownerOf(live);
  const refusal =
    owner === null
      ? leakRefusal(live, context.redact ?? (text => text))
      : `${owner} made it: adopt that instead`;
  if (refusal !== null) {
    leave(refusal);
    return;
  }
  const manifest = manifestOf(id, live);
  const written = await withManifest(made.draft, environment, manifest, options);
  if ('reason' in written) {
    leave(written.reason);
    return;
  }
  made.draft = written.draft;
  const resource = written.draft.rendered.resources.find(({location}) => location.file === written.file);
  made.adopted.push({
    id,
    path: '',
    live: manifest,
    file: written.file,
    line: 1,
    how: 'a new manifest',
    overrides: [],
    after: 'unknown',
    note: null,
    ...(resource === undefined ? {} : {resource}),
  });
}

async function withManifest(
  draft: Draft,
  environment: Environment,
  manifest: JsonObject,
  {signal, sharedWith, inShared}: LocateOptions,
): Promise<{draft: Draft; file: string} | {reason: string}> {
  const tree = editedTree(draft.base, draft.edits);
  const taken = new Set((await tree.list('', signal)).map(entry => entry.path));
  const {kind, metadata} = manifest;
  const name = isObject(metadata) ? String(metadata['name']) : '';
  const stem = `${String(kind)}-${name}`.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  let file = path.join(environment.path, `${stem}.yaml`);
  for (let number = 2; taken.has(file); number++)
    file = path.join(environment.path, `${stem}-${number}.yaml`);
  const edits = new Map(draft.edits);
  edits.set(file, `${blockLines(manifest, 0, usualStyle).join('\n')}\n`);
  const folders = await sourceKustomizations(environment, tree, {signal});
  if (folders.includes(environment.path)) {
    const {kustomizations, contents} = await kustomizeFiles({tree, path: environment.path}, signal);
    const own = kustomizations[0]?.file ?? '';
    const text = contents.get(own)?.toString('utf8');
    if (text === undefined) return {reason: `${own} can't be read`};
    const others = sharedWith(own);
    if (others.length > 0 && inShared !== true)
      return {reason: `${own} is also part of ${others.join(', ')}`};
    const added = addItem({path: own, text}, 0, [{type: 'field', name: 'resources'}], path.basename(file));
    if ('refusal' in added) return {reason: added.refusal};
    edits.set(own, added.text);
  }
  const rendered = await loadSource(environment, editedTree(draft.base, edits), {signal});
  const other = addsMore(draft.rendered, rendered, manifest, file);
  return other === null ? {draft: {...draft, edits, rendered}, file} : {reason: `can't tell where: ${other}`};
}

/** Why a rendering is not the one before with just this object more; null where it is. */
function addsMore(
  before: SourceResult,
  after: SourceResult,
  manifest: JsonObject,
  file: string,
): string | null {
  const error = after.problems.find(({severity}) => severity === 'error');
  if (error !== undefined) return error.message;
  const [added, ...more] = after.resources.filter(resource => sameResource(before, resource) === undefined);
  if (added === undefined || more.length > 0 || after.resources.length !== before.resources.length + 1) {
    return `${file} would not be rendered as one object more`;
  }
  const changed = before.resources.find(
    resource => !equalJson(sameResource(after, resource)?.object ?? null, resource.object),
  );
  if (changed !== undefined) return `${changed.location.file} would render otherwise`;
  return equalJson(added.object, manifest)
    ? null
    : 'the kustomization changes what is added to it (a prefix, a label), so it would not be what is live';
}
