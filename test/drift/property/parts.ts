import fc from 'fast-check';
import type {JsonObject} from '../../../source/resources/json.ts';

/** A kind's place on the server, and what a team may write of it. */
export interface Sample {
  kind: string;
  /** The collection below the API's root; `*` stands for the namespace. */
  collection: string;
  object: JsonObject;
  /** Another version of the API that serves the same fields, and its collection. */
  also?: {apiVersion: string; collection: string};
}

export type Parts = Record<string, fc.Arbitrary<unknown>>;

export const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
export const quantity = {
  cpu: fc.constantFrom('1', '500m', '0.5', '2000m', '250m'),
  memory: fc.constantFrom('1Gi', '1024Mi', '128Mi', '1G', '500M'),
};
export const words = (min: number, max: number) => fc.uniqueArray(word, {minLength: min, maxLength: max});
export const texts = fc.dictionary(word, fc.constantFrom('', 'on', '1', '1000m', 'a=b\n'), {maxKeys: 3});

// Every part may be absent but those named in `must`: absence is where defaults and removals begin.
export function parts(must: Parts, may: Parts = {}): fc.Arbitrary<JsonObject> {
  return fc.record(
    {...must, ...may},
    {requiredKeys: Object.keys(must), noNullPrototype: true},
  ) as fc.Arbitrary<JsonObject>;
}

export const only = <T>(value: T) => fc.constant(value);
export const selector = {matchLabels: {app: 'web'}};
export const amounts = parts({}, quantity);
export const metadata = parts(
  {},
  {
    labels: texts.map(() => ({app: 'web', tier: 'front'})),
    annotations: fc.dictionary(
      word.map(name => `example.com/${name}`),
      word,
      {maxKeys: 2},
    ),
  },
);

interface Where {
  /** Namespaced unless it is said. */
  scope?: 'cluster';
  /** Another version of the same fields. */
  also?: string;
}

export function sample(
  apiVersion: string,
  kind: string,
  plural: string,
  content: fc.Arbitrary<JsonObject>,
  {scope, also}: Where = {},
): fc.Arbitrary<Sample> {
  const collection = (version: string) =>
    `${version.includes('/') ? '/apis' : '/api'}/${version}${scope === 'cluster' ? '' : '/namespaces/*'}/${plural}`;
  return fc.tuple(metadata, content).map(([meta, rest]) => ({
    kind,
    collection: collection(apiVersion),
    object: {apiVersion, kind, metadata: meta, ...rest},
    ...(also === undefined ? {} : {also: {apiVersion: also, collection: collection(also)}}),
  }));
}

export const spec = (must: Parts, may: Parts = {}) => parts({spec: parts(must, may)});
