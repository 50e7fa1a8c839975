import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import {type Cluster, ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import {identityOf, type ResourceId} from '../../../resources/identity.ts';
import {isObject, type JsonObject, objectAt, parseJson, stringAt} from '../../../resources/json.ts';
import {readYaml} from '../../../sources/yaml.ts';
import {attempt} from '../live/live.ts';

/** A Helm release, by which Helm marks its objects. */
export interface ReleaseName {
  namespace: string;
  name: string;
}

/** What a release holds by Helm's own books, or why that can't be known. */
export type ReleaseBooks = {holds: readonly ResourceId[]} | {unknown: string};

const unzip = promisify(gunzip);
const isName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
/** More than a Secret can hold, unpacked. */
const mostBytes = 64 * 1024 * 1024;

/** The release that a live object says it is of; undefined for none. */
export function releaseOf(object: JsonObject): ReleaseName | undefined {
  const metadata = objectAt(object, 'metadata');
  if (objectAt(metadata, 'labels')['app.kubernetes.io/managed-by'] !== 'Helm') return undefined;
  const annotations = objectAt(metadata, 'annotations');
  const name = stringAt(annotations, 'meta.helm.sh/release-name');
  const namespace = stringAt(annotations, 'meta.helm.sh/release-namespace');
  // Anybody can write an annotation: what is no name goes into no request.
  if (name === undefined || namespace === undefined) return undefined;
  return isName.test(name) && isName.test(namespace) ? {namespace, name} : undefined;
}

/**
 * Reads which objects a release holds from the record that Helm keeps of it, in Secrets or in ConfigMaps. The record has
 * all values that the release was made with: nothing but identities ever leaves this function, not in errors either. It
 * asks the cluster itself, so that no cache keeps the record. Throws only when aborted.
 * https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go
 */
export async function readRelease(
  cluster: Pick<Cluster, 'list'>,
  catalog: KindCatalog,
  {namespace, name}: ReleaseName,
  signal: AbortSignal,
): Promise<ReleaseBooks> {
  let unknown = 'no Secret or ConfigMap has a record of it';
  for (const kindName of ['Secret', 'ConfigMap']) {
    const kind = catalog.preferred('', kindName);
    if (kind === undefined) continue;
    const ofRelease = `owner=helm,name=${name}`;
    // The deployed one; while an upgrade runs or where it failed, the last one.
    for (const labelSelector of [`${ofRelease},status=deployed`, ofRelease]) {
      const found = await attempt(() => cluster.list(kind, {namespace, labelSelector, signal}), signal);
      if (found instanceof ClusterError) {
        unknown = `${kind.plural} in ${namespace} can't be listed: ${found.message}`;
        break;
      }
      const record = latest(found?.items ?? []);
      if (record === undefined) continue;
      const holds = await identitiesIn(record, namespace);
      return holds === null ? {unknown: 'its record is in a form that is not known here'} : {holds};
    }
  }
  return {unknown};
}

function latest(records: readonly JsonObject[]): JsonObject | undefined {
  const version = (record: JsonObject) =>
    Number(stringAt(objectAt(objectAt(record, 'metadata'), 'labels'), 'version') ?? 0);
  return records.toSorted((a, b) => version(b) - version(a))[0];
}

/** What a record's manifest names; null where it can't be read. */
async function identitiesIn(record: JsonObject, namespace: string): Promise<ResourceId[] | null> {
  const text = stringAt(objectAt(record, 'data'), 'release');
  if (text === undefined) return null;
  try {
    // A Secret's value is base64 of what Helm writes, which is base64 itself.
    const written = record['kind'] === 'Secret' ? Buffer.from(text, 'base64').toString('latin1') : text;
    const bytes = Buffer.from(written, 'base64');
    const isZipped = bytes.subarray(0, 3).equals(Buffer.from([0x1f, 0x8b, 0x08]));
    const json = isZipped ? await unzip(bytes, {maxOutputLength: mostBytes}) : bytes;
    const release = parseJson(json.toString('utf8'));
    const manifest = stringAt(release, 'manifest');
    if (manifest === undefined) return null;
    const {documents, problems} = readYaml(manifest, 'manifest');
    if (problems.some(({severity}) => severity === 'error')) return null;
    return documents.flatMap(({value}) => {
      if (!isObject(value)) return [];
      const id = identityOf(value);
      if (id.kind === '' || id.name === '') return [];
      return [id.namespace === '' ? {...id, namespace} : id];
    });
  } catch {
    // What went wrong may quote the record.
    return null;
  }
}
