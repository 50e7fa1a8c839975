import {type JsonObject, objectAt, stringAt} from '../../resources/json.ts';
import {formatErrors, validateTyped} from '../../resources/merge.ts';
import {nameOf} from './codec.ts';
import {apiVersionOf, type Registry} from './registry.ts';
import {ApiError, badRequest, conflict, invalid, notFound, qualified} from './status.ts';
import {keyOf, type Store} from './store.ts';
import type {Write} from './writer.ts';

/** An apply says what it is, brings no owners, and fits the schema. Throws what the server answers otherwise. */
export function checkApplied(body: JsonObject, write: Write, registry: Registry): JsonObject {
  const {served} = write;
  const {resource, version} = served;
  const gvk = `${resource.group}/${version.version}, Kind=${resource.kind}`;
  const [apiVersion, kind] = [stringAt(body, 'apiVersion'), stringAt(body, 'kind')];
  if (apiVersion !== apiVersionOf(served) || kind !== resource.kind) {
    const [group, at] = (apiVersion ?? '').includes('/')
      ? (apiVersion ?? '').split('/')
      : ['', apiVersion ?? ''];
    throw badRequest(`invalid object type: ${group}/${at}, Kind=${kind ?? ''}`);
  }
  const metadata = objectAt(body, 'metadata');
  if (metadata['managedFields'] !== undefined) throw badRequest('metadata.managedFields must be nil');
  const schema = registry.schemaAt(resource)(apiVersionOf(served));
  const errors = schema === 'gone' ? [] : validateTyped(body, schema);
  if (errors.length > 0) {
    const place = `${stringAt(metadata, 'namespace') ?? ''}/${nameOf(body)}`;
    throw new ApiError(
      500,
      '',
      `failed to create typed patch object (${place}; ${gvk}): ${formatErrors(errors)}`,
    );
  }
  return body;
}

/** The namespace is there and stays. Throws what the server answers otherwise. */
export function checkNamespace(store: Store, write: Write, name: string): void {
  const {served, namespace} = write;
  if (!served.resource.namespaced) return;
  const found = store.get('namespaces', keyOf('', namespace));
  if (found === undefined) throw notFound({group: '', plural: 'namespaces', kind: 'Namespace'}, namespace);
  if (objectAt(found, 'metadata')['deletionTimestamp'] === undefined) return;
  throw new ApiError(
    403,
    'Forbidden',
    `${qualified(served.resource)} ${JSON.stringify(name)} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      ...(served.resource.group === '' ? {} : {group: served.resource.group}),
      kind: served.resource.plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}

/** What an update says of the object that it means: its uid and revision. Throws a conflict where another is there. */
export function checkPreconditions(write: Write, metadata: JsonObject, before: JsonObject): void {
  const {served, namespace, name} = write;
  const {resource} = served;
  const uid = stringAt(metadata, 'uid') ?? '';
  if (uid !== '' && uid !== before['uid']) {
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${resource.plural}/${namespace === '' ? '' : `${namespace}/`}${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${String(before['uid'])}`,
    );
  }
  const version = stringAt(metadata, 'resourceVersion') ?? '';
  if (version === '' && served.version.type === undefined) {
    throw invalid({...resource, kind: resource.plural}, name, [
      {type: 'invalid', field: 'metadata.resourceVersion', message: '0: must be specified for an update'},
    ]);
  }
  if (version !== '' && version !== before['resourceVersion']) {
    throw conflict(
      resource,
      name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
}
