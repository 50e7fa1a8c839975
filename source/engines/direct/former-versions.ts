import {identityOf, type ResourceId} from '../../resources/identity.ts';
import type {JsonObject} from '../../resources/json.ts';
import type {DesiredResource} from '../../sources/types.ts';

/** What earlier commits said of the resources that git still has, looked up only where somebody asks. */
export class FormerVersions {
  readonly #resources: readonly DesiredResource[];
  readonly #namespace: string;
  #byName: Map<string, JsonObject[]> | undefined;

  /** `namespace` is that of resources that name none. */
  constructor(resources: readonly DesiredResource[], namespace: string) {
    this.#resources = resources;
    this.#namespace = namespace;
  }

  /** The earlier versions of a resource, newest first, at whatever API version they were. */
  of({group, kind, namespace, name}: ResourceId): readonly JsonObject[] {
    this.#byName ??= Map.groupBy(
      this.#resources.map(({object}) => object),
      object => nameOf(identityOf(object)),
    );
    const named = this.#byName.get(nameOf({group, kind, name})) ?? [];
    if (namespace === '') return named;
    return named.filter(object => (identityOf(object).namespace || this.#namespace) === namespace);
  }
}

function nameOf({group, kind, name}: Pick<ResourceId, 'group' | 'kind' | 'name'>): string {
  return `${group}/${kind}/${name}`;
}
