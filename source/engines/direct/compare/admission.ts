import {type Cluster, ClusterError, type KindCatalog} from '../../../cluster/types.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Kind} from '../../../resources/kind.ts';
import {attempt} from '../live/live.ts';

/** What changes objects on their way into the cluster. Its rules are one list of webhooks, or of a policy. */
interface Mutator {
  rules: readonly Json[];
  namespaceSelector: JsonObject;
}

const group = 'admissionregistration.k8s.io';

/**
 * Knows, for those who may not dry-run, whether an admission webhook or policy may change objects of a kind. Asks the
 * cluster once, and only when it is asked itself.
 */
export class MutatingAdmission {
  readonly #cluster: Pick<Cluster, 'list' | 'get'>;
  readonly #catalog: KindCatalog;
  #mutators: Promise<readonly Mutator[] | 'unknown'> | undefined;
  readonly #labels = new Map<string, Promise<JsonObject | 'unknown'>>();

  constructor(cluster: Pick<Cluster, 'list' | 'get'>, catalog: KindCatalog) {
    this.#cluster = cluster;
    this.#catalog = catalog;
  }

  /** Whether something may change such objects there; 'unknown' where that can't be read. Throws only when aborted. */
  async mayChange(kind: Kind, namespace: string, signal: AbortSignal): Promise<boolean | 'unknown'> {
    this.#mutators ??= this.#read(signal);
    const mutators = await this.#mutators;
    if (mutators === 'unknown') return 'unknown';
    const concerned = mutators.filter(({rules}) => rules.some(rule => isAbout(rule, kind)));
    if (concerned.length === 0) return false;
    if (namespace === '') return true;
    const labels = this.#labels.get(namespace) ?? this.#labelsOf(namespace, signal);
    this.#labels.set(namespace, labels);
    const known = await labels;
    if (known === 'unknown') return 'unknown';
    return concerned.some(({namespaceSelector}) => selects(namespaceSelector, known));
  }

  async #read(signal: AbortSignal): Promise<readonly Mutator[] | 'unknown'> {
    const webhooks = await this.#list('MutatingWebhookConfiguration', signal);
    const policies = await this.#list('MutatingAdmissionPolicy', signal);
    if (webhooks === 'unknown' || policies === 'unknown') return 'unknown';
    return [
      ...webhooks.flatMap(configuration =>
        listAt(configuration, 'webhooks').map(webhook => ({
          rules: listAt(webhook, 'rules'),
          namespaceSelector: objectAt(webhook, 'namespaceSelector'),
        })),
      ),
      ...policies.map(policy => {
        const constraints = objectAt(objectAt(policy, 'spec'), 'matchConstraints');
        return {
          rules: listAt(constraints, 'resourceRules'),
          namespaceSelector: objectAt(constraints, 'namespaceSelector'),
        };
      }),
    ];
  }

  async #list(name: string, signal: AbortSignal): Promise<readonly JsonObject[] | 'unknown'> {
    if (this.#catalog.failures.has(group)) return 'unknown';
    const kind = this.#catalog.preferred(group, name);
    if (kind === undefined) return [];
    const found = await attempt(() => this.#cluster.list(kind, {signal}), signal);
    return found === null || found instanceof ClusterError ? 'unknown' : found.items;
  }

  async #labelsOf(namespace: string, signal: AbortSignal): Promise<JsonObject | 'unknown'> {
    const kind = this.#catalog.preferred('', 'Namespace');
    if (kind === undefined) return 'unknown';
    const found = await attempt(() => this.#cluster.get(kind, '', namespace, signal), signal);
    return found === null || found instanceof ClusterError
      ? 'unknown'
      : objectAt(objectAt(found, 'metadata'), 'labels');
  }
}

// Versions don't matter: an object is sent at each that a webhook asks for.
function isAbout(rule: Json, {group: ofKind, plural}: Kind): boolean {
  const has = (name: string, wanted: readonly string[]) =>
    listAt(rule, name).some(item => typeof item === 'string' && wanted.includes(item));
  return (
    has('apiGroups', ['*', ofKind]) &&
    has('resources', ['*', '*/*', plural, `${plural}/*`]) &&
    has('operations', ['*', 'CREATE', 'UPDATE'])
  );
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
function selects(selector: JsonObject, labels: JsonObject): boolean {
  const asked = Object.entries(objectAt(selector, 'matchLabels'));
  if (!asked.every(([key, value]) => labels[key] === value)) return false;
  return listAt(selector, 'matchExpressions')
    .filter(isObject)
    .every(expression => {
      const there = labels[stringAt(expression, 'key') ?? ''];
      const isAmong = there !== undefined && listAt(expression, 'values').includes(there);
      switch (stringAt(expression, 'operator')) {
        case 'In':
          return isAmong;
        case 'NotIn':
          return !isAmong;
        case 'Exists':
          return there !== undefined;
        case 'DoesNotExist':
          return there === undefined;
        default:
          return true;
      }
    });
}
