import {identityOf, type ResourceId} from '../../../resources/identity.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {DesiredResource} from '../../../sources/types.ts';

/** What earlier commits said of the resources that git still has, looked up only where somebody asks. */
export class FormerVersions {
  readonly #answer: Promise<{resources: readonly DesiredResource[]}>;
  readonly #namespace: string;
  #byName: Promise<Map<string, JsonObject[]>> | undefined;

  /** The answer may still be under way: only who asks waits for it. `namespace` is that of resources that name none. */
  constructor(answer: Promise<{resources: readonly DesiredResource[]}>, namespace: string) {
    this.#answer = answer;
    this.#namespace = namespace;
  }

  /** The earlier versions of a resource, newest first, at whatever API version they were. */
  async of({group, kind, namespace, name}: ResourceId): Promise<readonly JsonObject[]> {
    this.#byName ??= this.#answer.then(({resources}) =>
      Map.groupBy(
        resources.map(({object}) => object),
        object => nameOf(identityOf(object)),
      ),
    );
    const named = (await this.#byName).get(nameOf({group, kind, name})) ?? [];
    if (namespace === '') return named;
    return named.filter(object => (identityOf(object).namespace || this.#namespace) === namespace);
  }
}

function nameOf({group, kind, name}: Pick<ResourceId, 'group' | 'kind' | 'name'>): string {
  return `${group}/${kind}/${name}`;
}
