import {gzipSync} from 'node:zlib';
import {dump} from 'js-yaml';
import type {JsonObject} from '../../source/resources/json.ts';

/** Something that only the release's record has: it must be seen nowhere. */
export const releaseSecret = 'hunter2-of-the-values';

interface RecordOptions {
  namespace?: string;
  name?: string;
  version?: number;
  status?: string;
  driver?: 'Secret' | 'ConfigMap';
}

/**
 * The record that Helm keeps of a release with these objects.
 * https://github.com/helm/helm/blob/main/pkg/storage/driver/secrets.go
 */
export function helmRecord(objects: readonly JsonObject[], options: RecordOptions = {}): JsonObject {
  const {namespace = 'shop', name = 'web', version = 1, status = 'deployed', driver = 'Secret'} = options;
  const manifest = objects.map(object => `---\n# Source: web/templates/x.yaml\n${dump(object)}`).join('');
  const release = {
    name,
    namespace,
    version,
    info: {status},
    manifest,
    config: {password: releaseSecret},
    hooks: [{name: 'migrate', kind: 'Job', manifest: 'kind: Job\nmetadata: {name: migrate}\n'}],
  };
  const written = gzipSync(JSON.stringify(release)).toString('base64');
  const data = {release: driver === 'Secret' ? Buffer.from(written).toString('base64') : written};
  return {
    apiVersion: 'v1',
    kind: driver,
    ...(driver === 'Secret' ? {type: 'helm.sh/release.v1'} : {}),
    metadata: {
      name: `sh.helm.release.v1.${name}.v${version}`,
      namespace,
      labels: {owner: 'helm', name, status, version: String(version)},
    },
    data,
  };
}

/** An object as Helm applies it. */
export function ofRelease(object: JsonObject, name = 'web', annotations: JsonObject = {}): JsonObject {
  const {metadata} = object as {metadata: JsonObject};
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: {'app.kubernetes.io/managed-by': 'Helm'},
      annotations: {
        'meta.helm.sh/release-name': name,
        'meta.helm.sh/release-namespace': 'shop',
        ...annotations,
      },
    },
  };
}
