import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {Files, Place} from './scenario.ts';

const folder = path.join(import.meta.dirname, 'everything');

/**
 * A repository as teams have them: resources of every usual kind, written as people write them. Its folders
 * `definitions`, `cluster`, `namespaced` and `jobs` are applied in that order. Names of cluster-scoped objects hold the
 * namespace's, so that no two scenarios share them.
 */
export function everything({namespace}: Place): Files {
  const files: Files = {};
  for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join('/');
    files[name] = readFileSync(file, 'utf8')
      .replaceAll('__NAMESPACE__', namespace)
      .replaceAll('__SHORT__', namespace.slice(-8));
  }
  return files;
}
