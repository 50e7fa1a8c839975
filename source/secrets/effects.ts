import type {
  ClusterEffect,
  EnvironmentEffect,
  FieldEffect,
  ImageEffect,
  ObjectEffect,
  ObjectOnCluster,
  RenderedEffect,
} from '../changes/effect/types.ts';
import {redactField as redactDrift, redactProblem} from './answers.ts';
import type {KnownSecrets} from './known.ts';

/** What a change does to an environment, without secret values. */
export function redactEnvironmentEffect(effect: EnvironmentEffect, known: KnownSecrets): EnvironmentEffect {
  const {rendered, cluster} = effect;
  return {
    ...effect,
    rendered: redactEffect(rendered, known),
    cluster: cluster === null ? null : redactCluster(cluster, known),
  };
}

/** What a change does, rendered, without the secret values that stand in an object that is no Secret, or in a message. */
export function redactEffect(effect: RenderedEffect, known: KnownSecrets): RenderedEffect {
  return {
    ...effect,
    objects: effect.objects.map(object => redactObject(object, known)),
    digest: {...effect.digest, images: effect.digest.images.map(image => redactImage(image, known))},
    problems: effect.problems.map(problem => redactProblem(problem, known)),
    repaired: effect.repaired.map(problem => redactProblem(problem, known)),
  };
}

function redactObject(object: ObjectEffect, known: KnownSecrets): ObjectEffect {
  return {
    ...object,
    fields: object.fields.map(field => redactField(field, known)),
    notes: object.notes.map(note => known.redact(note)),
  };
}

function redactField(field: FieldEffect, known: KnownSecrets): FieldEffect {
  return {
    ...field,
    path: known.redactContent(field.path),
    ...(field.before === undefined ? {} : {before: known.redactValue(field.before)}),
    ...(field.after === undefined ? {} : {after: known.redactValue(field.after)}),
  };
}

function redactImage(image: ImageEffect, known: KnownSecrets): ImageEffect {
  const told = (text: string | null) => (text === null ? null : known.redactContent(text));
  return {...image, before: told(image.before), after: told(image.after)};
}

function redactCluster(cluster: ClusterEffect, known: KnownSecrets): ClusterEffect {
  if ('unknown' in cluster) return {unknown: known.redact(cluster.unknown)};
  return {
    objects: cluster.objects.map(object => redactOnCluster(object, known)),
    problems: cluster.problems.map(problem => redactProblem(problem, known)),
  };
}

function redactOnCluster(object: ObjectOnCluster, known: KnownSecrets): ObjectOnCluster {
  return {
    ...object,
    reason: object.reason === null ? null : known.redact(object.reason),
    refused: object.refused === null ? null : known.redact(object.refused),
    fields: object.fields.map(field => redactDrift(field, known)),
    notes: object.notes.map(note => known.redact(note)),
  };
}
