import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {getCACertificates, setDefaultCACertificates} from 'node:tls';
import {openForge} from '../../source/forges/open-forge.ts';
import type {Forge, ForgeRepository} from '../../source/forges/types.ts';
import type {Json} from '../../source/resources/json.ts';
import {Authority} from '../cluster-client/certificates.ts';
import {type Reaction, startServer} from '../cluster-client/scripted-server.ts';
import type {Description} from './description.ts';

// One for all of a test file: two of the same name can't be told from one another.
const authority = new Authority('forges');
setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
const trusted = {pair: authority.server(['127.0.0.1'])};

/** What the forge does: for each request, or for each `METHOD /path` with its query left out. */
export type Script = Record<string, Reaction | Reaction[]>;

export interface ScriptedForge {
  forge: Forge;
  url: string;
  /** `METHOD /path?query` of every request, in order. */
  requests: string[];
  /** The bodies, in order; undefined for none. */
  bodies: (Json | undefined)[];
  headers: Record<string, string | string[] | undefined>[];
  /** The paths as they were sent, in order. */
  paths: string[];
  /** Fails where something was asked that the script does not have. */
  done(): void;
}

/** A forge over HTTPS that answers as the script says; what the script does not have fails the test. */
export async function scriptedForge(
  t: TestContext,
  repository: ForgeRepository,
  script: Script,
  apiPath = '',
): Promise<ScriptedForge> {
  const wrong: string[] = [];
  const left = new Map(Object.entries(script).map(([key, value]) => [key, [value].flat()]));
  const server = await startServer(
    t,
    request => {
      const key = `${request.method} ${request.path}`;
      const reactions = left.get(key);
      // The last answer is given for good.
      const reaction = reactions !== undefined && reactions.length > 1 ? reactions.shift() : reactions?.[0];
      if (reaction === undefined) wrong.push(key);
      return reaction ?? {status: 599};
    },
    trusted,
  );
  const forge = await openForge(repository, {
    token: {value: 't0ken', from: 'a test'},
    apiBase: `${server.url}${apiPath}`,
  });
  return {
    forge,
    url: server.url,
    get requests() {
      return server.requests.map(
        ({method, path, query}) => `${method} ${path}${query.size > 0 ? `?${query}` : ''}`,
      );
    },
    get bodies() {
      return server.requests.map(request => request.json);
    },
    get headers() {
      return server.requests.map(request => request.headers);
    },
    get paths() {
      return server.requests.map(request => request.path);
    },
    done: () => assert.deepEqual(wrong, [], 'the script has no answer to these'),
  };
}

/**
 * A forge that answers as its description says, whose requests are held to it: operations to the fields of their answers, or
 * to refusals.
 */
export async function describedForge(
  t: TestContext,
  repository: ForgeRepository,
  description: Description,
  answers: Record<string, Json>,
  refusals: Record<string, Reaction> = {},
): Promise<ScriptedForge> {
  const wrong: unknown[] = [];
  const asked: string[] = [];
  // GitLab's operations are written with the API's own root, the others' below it.
  const base = repository.forge === 'gitea' ? '/api/v1' : '';
  const server = await startServer(
    t,
    request => {
      try {
        const {method, query, json} = request;
        const path = request.path.slice(base.length);
        const operation = description.operationOf({method, path, query, json});
        asked.push(operation);
        const refusal = refusals[operation];
        if (refusal !== undefined) return refusal;
        const fields = answers[operation];
        assert.ok(fields !== undefined, `the test has no answer to ${operation}`);
        const {status, json: body} = description.answer(operation, fields);
        return body === undefined ? {status, text: ''} : {status, json: body};
      } catch (error) {
        wrong.push(error);
        return {status: 599};
      }
    },
    trusted,
  );
  const forge = await openForge(repository, {token: {value: 't0ken', from: 'a test'}, apiBase: server.url});
  return {
    forge,
    url: server.url,
    get requests() {
      return asked;
    },
    get bodies() {
      return server.requests.map(request => request.json);
    },
    get headers() {
      return server.requests.map(request => request.headers);
    },
    get paths() {
      return server.requests.map(request => request.path);
    },
    done() {
      if (wrong.length > 0) throw wrong[0];
    },
  };
}
