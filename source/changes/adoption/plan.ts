import {createHash} from 'node:crypto';
import {autoscaledTargets} from '../../drift/autoscalers.ts';
import type {Engine} from '../../engines/types.ts';
import {branchOf, branchPart} from '../../environments/branch.ts';
import {findBase} from '../../repository/change/base.ts';
import {editTree} from '../../repository/change/edit.ts';
import {finishPlan} from '../../repository/change/finish.ts';
import {treeAt} from '../../repository/change/graft.ts';
import {environmentTrailer, shortSha} from '../../repository/change/message.ts';
import {RepositoryError} from '../../repository/error.ts';
import {checkObjectId} from '../../repository/git.ts';
import {formatIdentity, identityKey, identityOf} from '../../resources/identity.ts';
import {equalJson, stringifyJson} from '../../resources/json.ts';
import {formatProblem} from '../../resources/problem.ts';
import {valueAtPath} from '../../sources/edit/change.ts';
import type {DesiredResource} from '../../sources/types.ts';
import {type ChangeContext, environmentNamed} from '../publish.ts';
import {beginDraft, type Draft, setField} from '../setters/locate.ts';
import {sameResource} from '../setters/verify.ts';
import type {Planned} from '../types.ts';
import {isDeployed, saidBefore} from './moved-on.ts';
import {withoutDefaults} from './noise.ts';
import {adoptObject} from './object.ts';
import {compare, engineOf, type Wanted, wantedFields} from './read.ts';
import {leakRefusal, managerWarning, secretRefusal} from './refusals.ts';
import {sharing} from './sharing.ts';
import type {AdoptedField, AdoptPlan, AdoptRequest, LeftField} from './types.ts';
import {adoptionWords} from './words.ts';

/** What came of an attempt to write all that is wanted into git. */
interface Attempt {
  draft: Draft;
  adopted: (AdoptedField & {resource?: DesiredResource})[];
  left: LeftField[];
}

/**
 * Plans the adoption of live values: reads them from the cluster at this moment, finds the lines that set them on the
 * branch's tip, and asks the engine whether git then says what is live. What can't be done is told field by field. Throws
 * RepositoryError where git or the cluster can't be read.
 */
export async function planAdoption(
  context: ChangeContext,
  request: AdoptRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Planned<AdoptPlan>> {
  const {repository} = context;
  const environment = environmentNamed(context, request.environment);
  const engine = engineOf(context, environment);
  const branch = await branchOf(repository, environment, signal);
  const base = await findBase(repository, branch, signal);
  const start = await beginDraft(environment, repository.tree(base.sha), signal);
  const broken = start.rendered.problems.find(({severity}) => severity === 'error');
  if (broken !== undefined) {
    throw new RepositoryError(
      'git',
      `git can't be read in full, so no edit can be checked: ${formatProblem(broken)}`,
    );
  }
  const {
    wanted: found,
    left,
    unknown,
  } = await wantedFields({
    context,
    request,
    start,
    revision: base.sha,
    engine,
    signal,
  });
  const said = await saidBefore(context, environment, base.sha, found, signal);
  const isLeft = (item: Wanted) => said.has(item) && !item.isNamed && isDeployed(item.field);
  const wanted = found.filter(item => !isLeft(item));
  for (const item of found.filter(isLeft)) {
    const at = shortSha(said.get(item) ?? '');
    const reason = `git said so at ${at} and has moved on since: a sync brings that; name the field to take it back`;
    left.push({id: item.id, path: item.field.path, reason, settled: false});
  }
  const options = {
    sharedWith: await sharing(context, environment, branch, signal),
    inShared: request.inShared ?? false,
    signal,
  };
  const attempt = async (strip: boolean): Promise<Attempt> => {
    const made = await writeFields(context, start, wanted, strip, options);
    for (const id of unknown) await adoptObject({context, environment, engine, id, options}, made);
    await judge(made, start, base.sha, engine, signal);
    return made;
  };
  let best = await attempt(true);
  if (best.adopted.some(({after}) => after === 'differs')) {
    // What looked like the server's own was not: then all of the live value goes into git.
    const whole = await attempt(false);
    if (differing(whole) < differing(best)) best = whole;
  }
  const {draft, adopted} = best;
  const shown = adopted.map(({resource: _, ...field}) => field);
  const tip = checkObjectId((await treeAt(repository.git, base.sha, '', signal)) ?? '');
  const resultTree = await editTree(repository.git, tip, draft.edits, signal);
  const plan = await finishPlan(
    repository,
    base,
    {
      path: environment.path,
      resultTree,
      words: adoptionWords(environment, shown),
      trailers: [environmentTrailer(environment.name)],
      warnings: [...takenBack(wanted, said, shown), ...warningsOf(adopted, start.rendered.resources)],
    },
    signal,
  );
  return {
    plan: {...plan, adopted: shown, left: [...left, ...best.left]},
    pullRequestBranch: `gitops-tui/adopt-${branchPart(environment.name)}-${digestOf(shown)}`,
  };
}

async function writeFields(
  context: ChangeContext,
  start: Draft,
  wanted: readonly Wanted[],
  strip: boolean,
  options: Parameters<typeof setField>[4],
): Promise<Attempt> {
  const made: Attempt = {draft: start, adopted: [], left: []};
  for (const {resource, id, field} of wanted) {
    const leave = (reason: string, shared?: readonly string[]) =>
      made.left.push({
        id,
        path: field.path,
        reason,
        settled: false,
        ...(shared === undefined ? {} : {shared}),
      });
    const current = sameResource(made.draft.rendered, resource);
    if (current === undefined) {
      leave('the edits before it took its object out of git');
      continue;
    }
    const refusal =
      secretRefusal(resource.object, field.elements) ??
      leakRefusal(field.live, context.redact ?? (text => text));
    if (refusal !== null) {
      leave(refusal);
      continue;
    }
    const live = field.change === 'removed' ? undefined : field.live;
    const value = live !== undefined && strip ? withoutDefaults(id, field.elements, live) : live;
    const before = valueAtPath(current.object, field.elements);
    if (value === undefined ? before === undefined : equalJson(before, value)) {
      made.left.push({
        id,
        path: field.path,
        reason: 'it is what git says: only the server writes it otherwise',
        settled: true,
      });
      continue;
    }
    const located = await setField(made.draft, current, field.elements, value, options);
    if ('reason' in located) {
      leave(located.reason, located.shared);
      continue;
    }
    made.draft = located.draft;
    const {file, line, how, overrides} = located;
    made.adopted.push({
      id,
      path: field.path,
      ...(before === undefined ? {} : {git: before}),
      ...(value === undefined ? {} : {live: value}),
      file,
      line,
      how,
      overrides,
      ...(field.manager === undefined ? {} : {manager: field.manager}),
      ...(field.changedAt === undefined ? {} : {changedAt: field.changedAt}),
      after: 'unknown',
      note: null,
      resource,
    });
  }
  // Lines as they are when all is written.
  for (const item of made.adopted) {
    if (item.resource === undefined || item.live === undefined) continue;
    const elements = wanted.find(({id, field}) => field.path === item.path && id === item.id)?.field.elements;
    const place = elements && sameResource(made.draft.rendered, item.resource)?.locate(elements);
    if (place?.file === item.file && item.how === 'its manifest') item.line = place.line;
  }
  return made;
}

/** What the engine says of git as it would be, field by field. */
async function judge(
  made: Attempt,
  start: Draft,
  revision: string,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const {rendered} = made.draft;
  const finals = made.adopted.map(({resource}) => resource && sameResource(rendered, resource));
  const about = new Set(finals.filter(resource => resource !== undefined));
  const compared = await compare(
    engine,
    {wanted: rendered.resources, before: start.rendered.resources, revision, about},
    signal,
  );
  for (const [index, item] of made.adopted.entries()) {
    const resource = finals[index];
    const seen = resource === undefined ? undefined : compared.get(resource);
    if (seen === undefined || seen.outcome === 'unknown') {
      item.note = seen?.reason ?? 'it could not be compared with what is live';
    } else if (seen.outcome === 'created') {
      item.after = 'differs';
      item.note = 'its content names it: a sync makes it anew under its new name';
    } else {
      const rest = seen.fields.find(({path}) => isAround(path, item.path));
      item.after = rest === undefined ? 'same' : 'differs';
      if (rest !== undefined) item.note = `${rest.path} would still differ`;
    }
  }
}

function isAround(a: string, b: string): boolean {
  const isIn = (inner: string, outer: string) =>
    outer === '' || inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return isIn(a, b) || isIn(b, a);
}

function differing({adopted, left}: Attempt): number {
  return adopted.filter(({after}) => after === 'differs').length + left.length;
}

function takenBack(
  wanted: readonly Wanted[],
  said: ReadonlyMap<Wanted, string>,
  adopted: readonly AdoptedField[],
): string[] {
  return wanted
    .filter(({id, field}) => adopted.some(item => item.id === id && item.path === field.path))
    .flatMap(item => {
      const at = said.get(item);
      const what = `${formatIdentity(item.id)} ${item.field.path}`;
      return at === undefined
        ? []
        : [`${what}: git said so at ${shortSha(at)} and has changed it since: this takes that back`];
    });
}

function warningsOf(adopted: Attempt['adopted'], resources: readonly DesiredResource[]): string[] {
  const managers = adopted.flatMap(field => managerWarning(field) ?? []);
  const scaled = autoscaledTargets(resources.map(({object}) => object));
  const counts = adopted
    .filter(({path, resource}) => path === 'spec.replicas' && resource !== undefined)
    .filter(({resource}) => resource !== undefined && scaled.has(identityKey(identityOf(resource.object))))
    .map(({id}) => `an autoscaler in git scales ${formatIdentity(id)}: better leave its replicas out of git`);
  const differs = adopted
    .filter(({after}) => after !== 'same')
    .map(({id, path, note}) => `${formatIdentity(id)} ${path}: ${note ?? 'it would still differ'}`);
  return [...managers, ...counts, ...differs];
}

function digestOf(adopted: readonly AdoptedField[]): string {
  const texts = adopted.map(
    ({id, path, live}) => `${identityKey(id)} ${path} ${stringifyJson(live ?? null)}`,
  );
  return createHash('sha256').update(texts.sort().join('\n')).digest('hex').slice(0, 7);
}
