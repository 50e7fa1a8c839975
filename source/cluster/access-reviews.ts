import {objectAt} from '../resources/json.ts';
import type {Client} from './client.ts';
import {Shared} from './shared.ts';
import {type AccessQuestion, ClusterError} from './types.ts';

/** Asks the server what the user may do: each question once a connection. */
export class AccessReviews {
  readonly #client: Client;
  readonly #answers = new Map<string, Shared<boolean>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * True where the user may, and where the server doesn't let us ask: then the request itself is answered with 403.
   * Throws ClusterError for what is no answer.
   */
  allowed(question: AccessQuestion, signal: AbortSignal | undefined): Promise<boolean> {
    const {verb, group, resource, namespace = ''} = question;
    const key = [verb, group, resource, namespace].join('\n');
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = new Shared(() => this.#ask(question));
      this.#answers.set(key, answer);
    }
    return answer.get(signal);
  }

  // https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
  async #ask({verb, group, resource, namespace}: AccessQuestion): Promise<boolean> {
    const [name = '', subresource] = resource.split('/');
    try {
      const review = await this.#client.json({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        harmless: true,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {
            resourceAttributes: {
              verb,
              group,
              resource: name,
              ...(subresource === undefined ? {} : {subresource}),
              ...(namespace === undefined ? {} : {namespace}),
            },
          },
        },
      });
      return objectAt(review, 'status')['allowed'] === true;
    } catch (error) {
      if (error instanceof ClusterError && (error.reason === 'forbidden' || error.reason === 'not-found'))
        return true;
      throw error;
    }
  }
}
