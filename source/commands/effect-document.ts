import type {RenderedEffect} from '../app/session.ts';
import type {ResourceId} from '../resources/identity.ts';
import type {JsonObject} from '../resources/json.ts';
import {formatProblem} from '../resources/problem.ts';

/** What a change of git does to an environment, rendered, as documents hold it: what people ask first, and what is wrong. */
export function effectDocument({digest, ...effect}: RenderedEffect): JsonObject {
  return {
    builds: effect.builds,
    images: digest.images.map(({id, container, before, after}) => ({
      ...idDocument(id),
      container,
      before,
      after,
    })),
    replicas: digest.replicas.map(({id, before, after}) => ({...idDocument(id), before, after})),
    added: digest.added.map(idDocument),
    removed: digest.removed.map(idDocument),
    replaced: digest.replaced.map(idDocument),
    changed: digest.changed.map(idDocument),
    otherFields: digest.otherFields,
    undecided: effect.undecided.map(idDocument),
    problems: effect.problems.map(formatProblem),
  };
}

function idDocument({group, kind, namespace, name}: ResourceId): JsonObject {
  return {group, kind, namespace: namespace === '' ? null : namespace, name};
}
