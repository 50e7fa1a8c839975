import type {StatedPolicy} from '../../registries/policies/types.ts';
import type {ImageReference} from '../../registries/reference.ts';
import type {Step} from '../../registries/suggest.ts';
import type {ResourceId} from '../../resources/identity.ts';
import type {Problem} from '../../resources/problem.ts';

/** A container that has an image. */
export interface ImageUser {
  id: ResourceId;
  container: string;
}

/** An image that an environment's git names, wherever in it. */
export interface EnvironmentImage {
  /** As git writes it: what an update is asked for by. */
  image: string;
  /** Null where that is no image's name: a template that nothing filled in. */
  reference: ImageReference | null;
  /** Who has it; empty where only a marker comment tells of it (the values of a Helm release). */
  users: readonly ImageUser[];
  policy: StatedPolicy | null;
  /** `namespace:name` of the Flux policy whose marker sets it. */
  marker: string | null;
  /** What runs instead, as far as it was looked at. */
  live: readonly string[];
}

/** How an image stands to what its registry has. */
export type ImageState =
  /** Not asked yet. */
  | 'pending'
  /** The policy's choice, or nothing higher of its kind. */
  | 'current'
  /** The policy asks for another one. */
  | 'newer'
  /** Nobody stated a policy; there is a higher version of the same kind. */
  | 'suggested'
  /** It can't be told: `problem` says why. */
  | 'unknown';

/** An image and what its registry has for it. */
export interface ImageUpdate {
  image: string;
  users: readonly ImageUser[];
  live: readonly string[];
  policy: {words: string; origin: StatedPolicy['origin']; name: string} | null;
  marker: string | null;
  state: ImageState;
  /** The whole new name; null where there is none. */
  target: string | null;
  /** Its tag, for people. */
  targetTag: string | null;
  step: Step | null;
  /** When the target was built, or pushed where only that is known: ISO 8601. */
  created: string | null;
  /** The commit of the application that the target was built from. */
  revision: string | null;
  /** Why it is unknown, or what else should be known of it. */
  problem: string | null;
}

/** What is told while registries are asked. */
export type ImageEvent =
  /** All images, none asked yet. */
  {type: 'found'; images: readonly ImageUpdate[]} | {type: 'image'; image: ImageUpdate};

/** All images of an environment and what their registries have. */
export interface ImageReport {
  environment: string;
  images: readonly ImageUpdate[];
  /** What of git could not be read: images may be missing. */
  problems: readonly Problem[];
}
