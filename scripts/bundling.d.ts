import type {BuildOptions} from 'esbuild';

export function bundling(version: string): BuildOptions & {readonly splitting: true; readonly format: 'esm'};
