declare const __VERSION__: string | undefined;

/** The version of this program; '0.0.0-source' where it runs unbundled. */
export const version = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source';
