import {isObject, type Json, type JsonObject, objectAt} from '../../resources/json.ts';
import {checkAccess, reviewAccess, reviewSelf, type User} from './access.ts';
import type {Backend} from './backend.ts';
import {deleteOptions, parseBody, readBody} from './body.ts';
import {jsonPatch, mergePatch} from './json-patch.ts';
import {answerLog} from './logs.ts';
import {decodeProtobuf, ProtobufError} from './protobuf.ts';
import {list, type Query} from './reader.ts';
import type {Served} from './registry.ts';
import {orphansByDefault, remove} from './remover.ts';
import {managerOf, nameIn, preferred, type Request, type Response, send} from './respond.ts';
import type {Route} from './route.ts';
import {applyScale, patchScale, replaceScale, scaleOf} from './scale.ts';
import {ApiError, badRequest, invalid} from './status.ts';
import {partial, partialList, table} from './table.ts';
import {watch} from './watch.ts';
import type {Write} from './writer.ts';

const protobufType = 'application/vnd.kubernetes.protobuf';

/** One request to a resource. */
export class Exchange {
  readonly #backend: Backend;
  readonly #request: Request;
  readonly #response: Response;
  readonly #parameters: URLSearchParams;
  readonly #route: Route;
  readonly #served: Served;
  readonly #user: User;
  readonly #warnings: string[] = [];

  constructor(
    backend: Backend,
    request: Request,
    response: Response,
    url: URL,
    route: Route,
    served: Served,
    user: User,
  ) {
    this.#backend = backend;
    this.#request = request;
    this.#response = response;
    this.#parameters = url.searchParams;
    this.#route = route;
    this.#served = served;
    this.#user = user;
  }

  async answer(): Promise<void> {
    const verb = this.#verb();
    const isLog = this.#route.subresource === 'log';
    if (
      verb === undefined ||
      (isLog && verb !== 'get') ||
      !this.#served.resource.verbs.includes(verb === 'watch' ? 'list' : verb)
    ) {
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
        {},
      );
    }
    const {group, plural, subresource, namespace, name} = this.#route;
    checkAccess(this.#user, {
      verb,
      group,
      resource: subresource === '' ? plural : `${plural}/${subresource}`,
      namespace: namespace ?? '',
      name,
    });
    switch (verb) {
      case 'get':
        return this.#get();
      case 'list':
        return this.#list();
      case 'watch':
        return watch(
          this.#backend.store,
          this.#query(),
          this.#request,
          this.#response,
          this.#preference(),
          this.#backend.clock,
        );
      case 'create':
        return this.#create(await this.#body());
      case 'update':
        return this.#update(await this.#body());
      case 'patch':
        return this.#patch();
      case 'delete':
        return this.#delete(await this.#body());
    }
  }

  #verb() {
    const {name} = this.#route;
    const watches = /^(1|true)$/.test(this.#parameters.get('watch') ?? '');
    switch (this.#request.method) {
      case 'GET':
        return name !== '' ? 'get' : watches ? 'watch' : 'list';
      case 'POST':
        return name === '' ? 'create' : undefined;
      case 'PUT':
        return name === '' ? undefined : 'update';
      case 'PATCH':
        return name === '' ? undefined : 'patch';
      case 'DELETE':
        return name === '' ? undefined : 'delete';
      default:
        return undefined;
    }
  }

  #query(): Query {
    return {
      served: this.#served,
      namespace: this.#served.resource.namespaced ? this.#route.namespace : undefined,
      parameters: this.#parameters,
      name: undefined,
    };
  }

  #get(): void {
    const live = this.#backend.writer.live(this.#write());
    if (this.#route.subresource === 'log')
      answerLog(live, this.#parameters, this.#response, this.#backend.logs, this.#backend.clock);
    else this.#sendObject(200, this.#route.subresource === 'scale' ? scaleOf(live) : live);
  }

  #list(): void {
    const found = list(this.#backend.store, this.#query());
    const items = found['items'];
    const objects = Array.isArray(items) ? items.filter(isObject) : [];
    const metadata = objectAt(found, 'metadata');
    const preference = this.#preference();
    if (preference === 'Table') this.#sendTable(objects, metadata);
    else if (preference === 'PartialObjectMetadataList') this.#send(200, partialList(objects, metadata));
    else this.#send(200, found);
  }

  #create(body: Json): void {
    const {kind} = this.#served.resource;
    const {writer} = this.#backend;
    if (kind === 'SelfSubjectAccessReview') this.#send(201, reviewAccess(this.#user, body));
    else if (kind === 'SelfSubjectReview') this.#send(201, reviewSelf(this.#user, writer.now()));
    else {
      if (this.#served.resource.namespaced && this.#route.namespace === undefined) {
        throw badRequest('the namespace is required');
      }
      this.#sendObject(201, writer.create(body, this.#write()));
    }
  }

  #update(body: Json): void {
    const write = this.#write();
    const {writer} = this.#backend;
    if (nameIn(body) === '' && this.#route.subresource !== 'scale') {
      throw badRequest('name must be provided');
    }
    this.#sendObject(
      200,
      write.subresource === 'scale' ? replaceScale(body, write, writer) : writer.replace(body, write),
    );
  }

  async #patch(): Promise<void> {
    const type = this.#mediaType();
    const write = this.#write();
    const {writer} = this.#backend;
    const scale = write.subresource === 'scale';
    switch (type) {
      case 'application/json-patch+json':
      case 'application/merge-patch+json': {
        if (this.#parameters.has('force')) {
          throw patchOptions('forbidden', 'force', 'may not be specified for non-apply patch');
        }
        const body = await this.#body();
        const patch = (live: JsonObject): JsonObject => {
          if (type === 'application/json-patch+json') return jsonPatch(live, body);
          const merged = mergePatch(live, body);
          if (!isObject(merged)) throw badRequest('error decoding patch: the patch is not an object');
          return merged;
        };
        this.#sendObject(200, scale ? patchScale(patch, write, writer) : writer.patch(patch, write));
        return;
      }
      case 'application/apply-patch+yaml': {
        if (!this.#parameters.get('fieldManager')) {
          throw patchOptions('required', 'fieldManager', 'is required for apply patch');
        }
        const body = await this.#body();
        const force = this.#parameters.get('force') === 'true';
        if (scale) {
          this.#sendObject(200, applyScale(body, write, force, writer));
          return;
        }
        const {object, created} = writer.apply(body, write, force);
        this.#sendObject(created ? 201 : 200, object);
        return;
      }
      default: {
        if (this.#served.version.type === undefined) {
          throw new ApiError(
            415,
            'UnsupportedMediaType',
            'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
          );
        }
        const words = type.includes('strategic')
          ? '415: Unsupported Media Type: the demo server has no strategic merge patch; use a merge patch (--type=merge) or server-side apply'
          : '415: Unsupported Media Type';
        throw new ApiError(415, 'UnsupportedMediaType', words, {});
      }
    }
  }

  #delete(body: Json): void {
    const {store, writer} = this.#backend;
    const options = deleteOptions(body, this.#parameters);
    const {namespace = '', name} = this.#route;
    if (orphansByDefault(this.#served.resource, options)) {
      this.#warnings.push(
        'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
      );
    }
    const dryRun =
      this.#isDryRun() || (Array.isArray(options['dryRun']) && options['dryRun'].includes('All'));
    const removal = {served: this.#served, namespace, name, dryRun, now: writer.now()};
    this.#send(200, remove(store, removal, options));
  }

  #write(): Write {
    const {namespace, name, subresource} = this.#route;
    const validation = this.#parameters.get('fieldValidation');
    const manager = managerOf(this.#parameters, this.#request.headers['user-agent']);
    return {
      served: this.#served,
      namespace: namespace ?? '',
      name,
      subresource: subresource === 'status' || subresource === 'scale' ? subresource : '',
      manager,
      dryRun: this.#isDryRun(),
      fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
      warn: text => this.#warnings.push(text),
    };
  }

  #isDryRun(): boolean {
    const values = this.#parameters.getAll('dryRun');
    const wrong = values.find(value => value !== 'All');
    if (wrong !== undefined) {
      const kind = {POST: 'CreateOptions', PUT: 'UpdateOptions'}[this.#request.method] ?? 'PatchOptions';
      throw invalid({group: 'meta.k8s.io', plural: '', kind}, '', [
        {
          type: 'notSupported',
          field: 'dryRun',
          message: `[${JSON.stringify(wrong)}]: supported values: "All"`,
        },
      ]);
    }
    return values.length > 0;
  }

  #mediaType(): string {
    return (this.#request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  }

  async #body(): Promise<Json> {
    const bytes = await readBody(this.#request);
    const type = this.#mediaType();
    const goType = this.#served.version.type;
    if (bytes.length === 0) return null;
    if (type === protobufType && goType !== undefined && this.#route.subresource === '') {
      try {
        return decodeProtobuf(bytes, goType);
      } catch (error) {
        if (error instanceof ProtobufError)
          throw badRequest(`the protobuf message can't be read: ${error.message}`);
        throw error;
      }
    }
    if (type !== '' && !type.endsWith('json') && !type.endsWith('yaml')) {
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, ${protobufType}`,
      );
    }
    return parseBody(bytes.toString('utf8'), type);
  }

  #preference(): string {
    return preferred(this.#request.headers.accept, [
      'Table',
      'PartialObjectMetadata',
      'PartialObjectMetadataList',
    ]);
  }

  #sendObject(code: number, object: JsonObject): void {
    const preference = this.#route.subresource === 'scale' ? '' : this.#preference();
    if (preference === 'PartialObjectMetadata') this.#send(code, partial(object));
    else if (preference !== 'Table') this.#send(code, object);
    else {
      const resourceVersion = objectAt(object, 'metadata')['resourceVersion'] ?? '';
      this.#sendTable([object], {resourceVersion});
    }
  }

  #sendTable(objects: readonly JsonObject[], metadata: JsonObject): void {
    const include = this.#parameters.get('includeObject');
    this.#send(200, table(objects, this.#served, metadata, include, this.#backend.clock()));
  }

  #send(code: number, body: JsonObject): void {
    const warnings = this.#warnings.map(text => `299 - ${JSON.stringify(text)}`);
    send(this.#request, this.#response, code, body, warnings.length > 0 ? {warning: warnings} : {});
  }
}

function patchOptions(type: 'required' | 'forbidden', field: string, message: string): ApiError {
  return invalid({group: 'meta.k8s.io', plural: '', kind: 'PatchOptions'}, '', [{type, field, message}]);
}
