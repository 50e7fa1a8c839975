/** All screens; a key that is for every screen names this list, so that a new screen is missed by none. */
export const screens = [
  'overview',
  'environment',
  'revisions',
  'pull-requests',
  'images',
  'promotion',
  'versions',
  'sync',
  'events',
  'logs',
  'field',
  'command-log',
  'problems',
] as const;

/** Where a key can be pressed. A place in front hides those behind it. */
export type Place = (typeof screens)[number] | 'overlay' | 'dialog';

/** How a place is called, for the help screen. */
export const placeTitles: Readonly<Record<Place, string>> = {
  overview: 'On the overview',
  environment: 'In an environment',
  revisions: 'In the revisions',
  'pull-requests': 'In the pull requests',
  images: 'In the images',
  promotion: 'In a promotion',
  versions: 'In the versions',
  sync: 'In a sync',
  events: 'In the events',
  logs: 'In the logs',
  field: 'In a field',
  'command-log': 'In what was run',
  problems: 'In the problems',
  dialog: 'In a dialog',
  overlay: 'In a text',
};

/** Every screen that another one is below. */
export const inner: readonly Place[] = screens.filter(id => id !== 'overview');

/** Wherever there is something to move in. */
export const lists: readonly Place[] = [...screens, 'overlay'];

export const everywhere: readonly Place[] = [...lists, 'dialog'];
