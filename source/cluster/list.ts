import {isObject, type JsonObject, objectAt, stringAt} from '../resources/json.ts';
import {apiVersionOf, type Kind} from '../resources/kind.ts';
import type {Client} from './client.ts';
import {matchesSelector} from './label-selector.ts';
import {collectionPath} from './paths.ts';
import {ClusterError, type ListOptions, type ListResult, TooManyObjects} from './types.ts';

const pageSize = '500';
const pageMs = 60_000;
const restarts = 3;

/** Reads all pages of a list. A list that expires between pages begins anew (drift trap 55). Throws ClusterError. */
export async function listAll(client: Client, kind: Kind, options: ListOptions): Promise<ListResult> {
  const matches = selects(options);
  for (let restarted = 0; ; restarted++) {
    try {
      return await listOnce(client, kind, options, matches);
    } catch (error) {
      const expired = error instanceof ClusterError && error.reason === 'expired';
      if (!expired || restarted >= restarts) throw error;
    }
  }
}

async function listOnce(
  client: Client,
  kind: Kind,
  {namespace, labelSelector, name, cached, most, keep, signal, onProgress}: ListOptions,
  matches: (object: JsonObject) => boolean,
): Promise<ListResult> {
  const stamp = {apiVersion: apiVersionOf(kind), kind: kind.kind};
  const items: JsonObject[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await client.json({
      method: 'GET',
      path: collectionPath(kind, namespace),
      query: {
        limit: pageSize,
        labelSelector: labelSelector || undefined,
        fieldSelector: fieldSelector(name),
        continue: next,
        resourceVersion: cached === true && next === undefined ? '0' : undefined,
      },
      timeoutMs: pageMs,
      signal,
      access: {verb: 'list', resource: resourceName(kind), namespace},
    });
    const found = isObject(page) ? page['items'] : undefined;
    // An empty list may be null to a server written in Go; without one, it is no list.
    if (!isObject(page) || (!Array.isArray(found) && found !== null)) {
      throw new ClusterError(
        'server',
        `${client.server} answers a list of ${resourceName(kind)} with no list`,
      );
    }
    for (const item of found ?? []) {
      if (!isObject(item)) continue;
      // Lists of built-in kinds leave both out.
      const object = 'kind' in item && 'apiVersion' in item ? item : {...stamp, ...item};
      if (matches(object)) items.push(keep?.(object) ?? object);
    }
    const metadata = objectAt(page, 'metadata');
    const previous = next;
    next = stringAt(metadata, 'continue') || undefined;
    if (next !== undefined && next === previous) {
      throw new ClusterError(
        'server',
        `${client.server} gives the same page of ${resourceName(kind)} again and again`,
      );
    }
    const remaining = Number(metadata['remainingItemCount'] ?? Number.NaN);
    const total =
      next === undefined ? items.length : Number.isNaN(remaining) ? undefined : items.length + remaining;
    if (most !== undefined && total !== undefined && total > most) {
      throw new TooManyObjects(`there are ${total} ${resourceName(kind)}`, total);
    }
    onProgress?.(items.length, total);
    if (next === undefined) return {items, resourceVersion: stringAt(metadata, 'resourceVersion') ?? ''};
  }
}

/** What a list or a watch is limited to, asked again here: some aggregated APIs ignore selectors (drift trap 54). */
export function selects({
  labelSelector,
  name,
}: {
  labelSelector?: string | undefined;
  name?: string | undefined;
}): (object: JsonObject) => boolean {
  const labels = labelSelector ? matchesSelector(labelSelector) : undefined;
  return object =>
    (labels === undefined || labels(object)) &&
    (name === undefined || objectAt(object, 'metadata')['name'] === name);
}

/** The selector of one name, as every kind of every API server understands it. */
export function fieldSelector(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `metadata.name=${name}`;
}

/** `deployments.apps`, as RBAC and kubectl name a resource. */
export function resourceName(kind: Kind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}
