import {unhashedName} from '../../drift/pairing.ts';
import {identityOf, type ResourceId} from '../../resources/identity.ts';
import type {JsonObject} from '../../resources/json.ts';
import {ownWords, withoutWords} from './own.ts';

/** An object that git wants in an environment, as promotion looks at it. */
export interface PromotionObject {
  object: JsonObject;
  /** ConfigMaps and Secrets of a generator: the name without its hash. */
  generatedFrom?: string | undefined;
}

/** What is an environment's own in the names of its objects. */
export interface OwnNames {
  environment: string;
  /** Namespace of resources that name none, and of those that a kustomization puts there; '' where unknown. */
  namespaces: readonly string[];
  /** What kustomizations put around names. */
  prefix: string;
  suffix: string;
}

/** Objects of two environments that are the same thing. */
export interface Pairs<Source, Target> {
  pairs: {source: Source; target: Target}[];
  onlySource: Source[];
  onlyTarget: Target[];
}

interface Entry<Item> {
  item: Item;
  id: ResourceId;
  /** Without prefix, suffix and hash. */
  name: string;
  /** Without the environment's own words, too. */
  bare: string;
  namespace: string;
}

/**
 * Pairs the objects of two environments: of one kind, by name and namespace, as far as these are not the environments'
 * own. The strictest way comes first; a looser one pairs only what has one candidate on each side.
 */
export function pairObjects<Source extends PromotionObject, Target extends PromotionObject>(
  sources: readonly Source[],
  sourceNames: OwnNames,
  targets: readonly Target[],
  targetNames: OwnNames,
): Pairs<Source, Target> {
  const left = new Set(sources.map(item => entryOf(item, sourceNames)));
  const right = new Set(targets.map(item => entryOf(item, targetNames)));
  const pairs: {source: Source; target: Target; at: number}[] = [];
  const order = new Map([...left].map((entry, index) => [entry, index]));
  const shared = sharedNamespaces(left, right);
  const ways = [...strictWays, elsewhere(shared)];
  for (const key of ways) {
    const candidates = groupBy(right, key);
    for (const [value, own] of groupBy(left, key)) {
      const others = candidates.get(value) ?? [];
      const [source, target] = [own[0], others[0]];
      if (own.length !== 1 || others.length !== 1 || source === undefined || target === undefined) continue;
      pairs.push({source: source.item, target: target.item, at: order.get(source) ?? 0});
      left.delete(source);
      right.delete(target);
    }
  }
  pairs.sort((a, b) => a.at - b.at);
  return {
    pairs: pairs.map(({source, target}) => ({source, target})),
    onlySource: [...left].map(({item}) => item),
    onlyTarget: [...right].map(({item}) => item),
  };
}

const kindOf = ({id}: Entry<unknown>): string => `${id.group}/${id.kind}`;

type Way = (entry: Entry<unknown>) => string;

const strictWays: readonly Way[] = [
  entry => `${kindOf(entry)}/${entry.namespace}/${entry.id.name}`,
  entry => `${kindOf(entry)}/${entry.namespace}/${entry.name}`,
  entry => `${kindOf(entry)}/${entry.namespace}/${entry.bare}`,
];

/**
 * By name alone, where each environment has namespaces that the other lacks: one is called otherwise here than there. What
 * is in a namespace of both stays apart from the others.
 */
function elsewhere(shared: ReadonlySet<string>): Way {
  return entry =>
    `${kindOf(entry)}/${shared.has(entry.namespace) ? `in ${entry.namespace}` : 'own'}/${entry.bare}`;
}

function sharedNamespaces(a: Iterable<Entry<unknown>>, b: Iterable<Entry<unknown>>): Set<string> {
  const there = new Set([...b].map(({namespace}) => namespace));
  return new Set([...a].map(({namespace}) => namespace).filter(namespace => there.has(namespace)));
}

function entryOf<Item extends PromotionObject>(item: Item, own: OwnNames): Entry<Item> {
  const id = identityOf(item.object);
  const words = ownWords(own.environment);
  const hashless = item.generatedFrom ?? unhashedName(id) ?? id.name;
  const name = withoutAffixes(hashless, own);
  const isOwnNamespace = (namespace: string) => namespace === '' || own.namespaces.includes(namespace);
  const namespaceOf = (namespace: string) =>
    isOwnNamespace(namespace) ? '' : withoutWords(namespace, words);
  const isNamespace = id.group === '' && id.kind === 'Namespace';
  return {
    item,
    id: {...id, name: hashless},
    name,
    // The namespace itself is called as the environment wants it.
    bare: isNamespace && own.namespaces.includes(id.name) ? '' : withoutWords(name, words),
    // Neither a cluster's objects nor those of the own namespace are told apart by one.
    namespace: namespaceOf(id.namespace),
  };
}

/** What an object is called in every environment: without what is this environment's own in its name. */
export function commonName(item: PromotionObject, own: OwnNames): string {
  const {bare, name, id} = entryOf(item, own);
  return bare || name || id.name;
}

/** A name without what a kustomization put around it. */
export function withoutAffixes(name: string, {prefix, suffix}: Pick<OwnNames, 'prefix' | 'suffix'>): string {
  const from = prefix !== '' && name.startsWith(prefix) && name.length > prefix.length ? prefix.length : 0;
  const end =
    suffix !== '' && name.endsWith(suffix) && name.length - from > suffix.length
      ? name.length - suffix.length
      : name.length;
  return name.slice(from, end);
}

function groupBy<Item>(
  entries: Iterable<Entry<Item>>,
  key: (entry: Entry<unknown>) => string,
): Map<string, Entry<Item>[]> {
  const groups = new Map<string, Entry<Item>[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group === undefined) groups.set(key(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}
