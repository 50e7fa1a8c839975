import fc from 'fast-check';
import {
  cloneJson,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  parseJson,
  stringAt,
  stringifyJson,
} from '../../../source/resources/json.ts';
import {anyChange, type Change, changed} from './changes.ts';
import type {Answer} from './world.ts';

/** How git's manifests get to the cluster: by which verb, under which name. */
export const ways = {
  'kubectl apply': 'kubectl-client-side-apply',
  'kubectl create and replace': 'kubectl-create',
  'kubectl apply --server-side': 'kubectl',
  'gitops-tui': 'gitops-tui',
  'Argo CD': 'argocd-controller',
  'a tool that nobody knows': 'deployer',
  'a tool that nobody knows, by create': 'deployer',
} as const;

export type Way = keyof typeof ways;

export const anyWay: fc.Arbitrary<Way> = fc.constantFrom(...(Object.keys(ways) as Way[]));

/** What is done to an object between the time it was made and the time that it is looked at. */
export type Step =
  | {what: 'git'; change: Change; way: Way | 'as before'}
  | {what: 'edit'; by: Editor; how: 'put' | 'merge' | 'strategic'; change: Change}
  | {what: 'scale'; by: 'kubectl' | 'kube-controller-manager'; replicas: number}
  | {what: 'label'; name: string; value: string | null}
  | {what: 'set'; image?: string; env?: string};

type Editor =
  | 'kubectl-edit'
  | 'kubectl-patch'
  | 'kubectl-replace'
  | 'some-controller'
  | 'kube-controller-manager';

const anyEditor = fc.constantFrom<Editor>(
  'kubectl-edit',
  'kubectl-patch',
  'kubectl-replace',
  'some-controller',
  'kube-controller-manager',
);
const text = fc.constantFrom('alpha', 'beta', '');

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('edit' as const),
      by: anyEditor,
      how: fc.constantFrom('put' as const, 'merge' as const, 'strategic' as const),
      change: anyChange,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('git' as const),
      change: anyChange,
      way: fc.oneof(
        {weight: 3, arbitrary: fc.constant('as before' as const)},
        {weight: 1, arbitrary: anyWay},
      ),
    }),
  },
  fc.record({
    what: fc.constant('scale' as const),
    by: fc.constantFrom('kubectl' as const, 'kube-controller-manager' as const),
    replicas: fc.nat(3),
  }),
  fc.record({what: fc.constant('label' as const), name: text, value: fc.option(text)}),
  fc.record(
    {what: fc.constant('set' as const), image: fc.constantFrom('web', 'web:3'), env: text},
    {requiredKeys: ['what']},
  ),
);

/** Where an object is on the server, and how to ask there. */
export interface Spot {
  collection: string;
  place: string;
  ask(method: string, path: string, body?: Json, type?: string): Promise<Answer>;
}

/** Brings a manifest to the cluster as a tool would, `before` being what that tool brought last. */
export async function bring(
  {collection, place, ask}: Spot,
  object: JsonObject,
  way: Way,
  before?: JsonObject,
): Promise<JsonObject | undefined> {
  const manager = ways[way];
  const result = async () => {
    switch (way) {
      case 'kubectl apply':
      case 'kubectl create and replace':
      case 'a tool that nobody knows, by create': {
        const noted = way === 'kubectl apply' ? withLastApplied(object) : object;
        if (before === undefined) return ask('POST', `${collection}?fieldManager=${manager}`, noted);
        const live = (await ask('GET', place)).body;
        const by = way === 'kubectl create and replace' ? 'kubectl-replace' : manager;
        const whole =
          way === 'kubectl apply' && isObject(live) ? threeWays(live, noted) : replaced(noted, live);
        return ask('PUT', `${place}?fieldManager=${by}`, whole);
      }
      default:
        return ask(
          'PATCH',
          `${place}?fieldManager=${manager}&force=true`,
          object,
          'application/apply-patch+yaml',
        );
    }
  };
  const {status, body} = await result();
  return status < 300 && isObject(body) ? body : undefined;
}

/** Does a step that is not git's. Says who wrote, or null where nothing came of it. */
export async function edit(spot: Spot, step: Exclude<Step, {what: 'git'}>): Promise<string | null> {
  const {place, ask} = spot;
  const write = async (by: string, method: string, path: string, body: Json, type?: string) => {
    const {status} = await ask(method, `${path}?fieldManager=${by}`, body, type);
    return status < 300 ? by : null;
  };
  const merge = 'application/merge-patch+json';
  const strategic = 'application/strategic-merge-patch+json';
  switch (step.what) {
    case 'scale':
      return write(step.by, 'PATCH', `${place}/scale`, {spec: {replicas: step.replicas}}, merge);
    case 'label':
      return write(
        'kubectl-label',
        'PATCH',
        place,
        {metadata: {labels: {[`by-${step.name}`]: step.value}}},
        merge,
      );
    case 'set': {
      const container: JsonObject = {name: 'web'};
      if (step.image !== undefined) container['image'] = step.image;
      if (step.env !== undefined) container['env'] = [{name: 'SET', value: step.env}];
      const template = {spec: {template: {spec: {containers: [container]}}}};
      const live = (await ask('GET', place)).body;
      const isWorkload =
        isObject(objectAt(live, 'spec')['template']) && objectAt(live, 'spec')['selector'] !== undefined;
      return isWorkload ? write('kubectl-set', 'PATCH', place, template, strategic) : null;
    }
    case 'edit': {
      const live = (await ask('GET', place)).body;
      if (!isObject(live)) return null;
      const wanted = changed(live, step.change);
      if (step.how === 'put') return write(step.by, 'PUT', place, wanted);
      const patch = mergePatch(live, wanted);
      return write(step.by, 'PATCH', place, patch ?? {}, step.how === 'merge' ? merge : strategic);
    }
  }
}

function withLastApplied(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const annotations = {...objectAt(metadata, 'annotations'), [lastApplied]: stringifyJson(object)};
  return {...object, metadata: {...metadata, annotations}};
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

// As kubectl replace: all of what the file holds, for what is live now.
function replaced(object: JsonObject, live: Json): JsonObject {
  const resourceVersion = stringAt(objectAt(live, 'metadata'), 'resourceVersion') ?? '';
  return {...object, metadata: {...objectAt(object, 'metadata'), resourceVersion}};
}

// As kubectl apply: git's values over live's, without what was applied last and git has no more. Lists are git's.
function threeWays(live: JsonObject, object: JsonObject): JsonObject {
  const noted = stringAt(objectAt(objectAt(live, 'metadata'), 'annotations'), lastApplied);
  const last = noted === undefined ? {} : parseJson(noted);
  const merged = merge3(isObject(last) ? last : {}, live, object);
  return isObject(merged) ? merged : object;
}

function merge3(last: Json | undefined, live: Json | undefined, git: Json): Json {
  if (!isObject(git) || !isObject(live)) return git;
  const result: JsonObject = cloneJson(live);
  if (isObject(last)) for (const name of Object.keys(last)) if (git[name] === undefined) delete result[name];
  for (const [name, value] of Object.entries(git)) {
    if (value === null) delete result[name];
    else result[name] = merge3(isObject(last) ? last[name] : undefined, live[name], value);
  }
  return result;
}

// The JSON merge patch (RFC 7386) that leads from one to the other; undefined for none.
function mergePatch(from: Json, to: Json): Json | undefined {
  if (equalJson(from, to)) return undefined;
  if (!isObject(from) || !isObject(to)) return to;
  const patch: JsonObject = {};
  for (const name of Object.keys(from)) if (to[name] === undefined) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const there = from[name];
    const below = there === undefined ? value : mergePatch(there, value);
    if (below !== undefined) patch[name] = below;
  }
  return patch;
}
