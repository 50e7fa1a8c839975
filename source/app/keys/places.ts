/** All screens; a key that is for every screen names this list, so that a new screen is missed by none. */
export const screens = [
  'overview',
  'environment',
  'revisions',
  'pull-requests',
  'images',
  'promotion',
  'versions',
] as const;

/** Where a key can be pressed. A place in front hides those behind it. */
export type Place = (typeof screens)[number] | 'overlay' | 'dialog';

/** Wherever there is something to move in. */
export const lists: readonly Place[] = [...screens, 'overlay'];

export const everywhere: readonly Place[] = [...lists, 'dialog'];
