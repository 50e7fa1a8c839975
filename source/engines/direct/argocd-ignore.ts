import type {FieldRule} from '../../drift/field-rules.ts';
import {identityOf} from '../../resources/identity.ts';
import {isObject, type Json, type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Problem} from '../../resources/problem.ts';
import {readYaml} from '../../sources/yaml.ts';

/** What an Application, or Argo CD's settings, call no difference, and what of it can't be read. */
export interface ToldRules {
  rules: FieldRule[];
  problems: Problem[];
}

const customizations = 'resource.customizations';

/**
 * An Application's `spec.ignoreDifferences`: group and kind as globs, of which an empty group is the core one; name and
 * namespace as they are, empty for all.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/#application-level-configuration
 */
export function applicationRules(application: JsonObject): FieldRule[] {
  const {namespace, name} = identityOf(application);
  const origin = `Argo CD application ${namespace}/${name}`;
  return listAt(objectAt(application, 'spec'), 'ignoreDifferences')
    .filter(isObject)
    .map(entry => {
      const isOfKind = ofKind(stringAt(entry, 'group') ?? '', stringAt(entry, 'kind') ?? '');
      const [ofName, ofNamespace] = [stringAt(entry, 'name') ?? '', stringAt(entry, 'namespace') ?? ''];
      return {
        ...fieldsOf(entry),
        origin,
        about: ({git}) => {
          const id = identityOf(git);
          return (
            isOfKind(id.group, id.kind) &&
            (ofName === '' || ofName === id.name) &&
            (ofNamespace === '' || ofNamespace === id.namespace)
          );
        },
      };
    });
}

/**
 * The ignoreDifferences of the ConfigMap argocd-cm, by key (`resource.customizations.ignoreDifferences.apps_Deployment`,
 * `….all`) or in the older map of all customizations. That `status` may differ, and what is aggregated into a role, is so
 * for everybody here: `resource.compareoptions` adds nothing to it.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/#system-level-configuration
 */
export function settingsRules(settings: JsonObject): ToldRules {
  const {namespace, name} = identityOf(settings);
  const where = `${namespace}/${name}`;
  const rules: FieldRule[] = [];
  const problems: Problem[] = [];
  const data = objectAt(settings, 'data');
  const read = (key: string, text: Json | undefined): JsonObject => {
    if (typeof text !== 'string' || text.trim() === '') return {};
    const {documents, problems: found} = readYaml(text, `${where} ${key}`);
    const value = documents[0]?.value;
    if (found.some(({severity}) => severity === 'error') || !isObject(value ?? {})) {
      problems.push({
        severity: 'warning',
        message: `Argo CD's ignore rules in ${where}, ${key}, can't be read`,
      });
    }
    return isObject(value) ? value : {};
  };
  const add = (key: string, groupKind: string, entry: JsonObject) => {
    const [group, kind] = groupKind.includes('/')
      ? (groupKind.split('/') as [string, string])
      : ['', groupKind];
    const isOfKind = ofKind(group, kind);
    const {managers, ...fields} = fieldsOf(entry);
    // Managers are looked up by the very key: a glob is none there.
    const isPlain = groupKind === '*/*' || !/[*?[{]/.test(groupKind);
    rules.push({
      ...fields,
      ...(isPlain && managers !== undefined ? {managers} : {}),
      origin: `Argo CD's ${where}, ${key}`,
      about: ({git}) => {
        const id = identityOf(git);
        return isOfKind(id.group, id.kind);
      },
    });
  };
  for (const [groupKind, entry] of Object.entries(read(customizations, data[customizations]))) {
    const nested = read(customizations, objectAt({entry}, 'entry')['ignoreDifferences']);
    if (Object.keys(nested).length > 0) add(customizations, groupKind, nested);
  }
  const prefix = `${customizations}.ignoreDifferences.`;
  for (const [key, text] of Object.entries(data)) {
    if (!key.startsWith(prefix)) continue;
    const groupKind = key.slice(prefix.length);
    add(key, groupKind === 'all' ? '*/*' : groupKind.replace('_', '/'), read(key, text));
  }
  return {rules, problems};
}

/** What of Argo CD's settings its rules are made of. */
export function toldBySettings(settings: JsonObject): Json {
  const entries = Object.entries(objectAt(settings, 'data')).filter(([key]) =>
    key.startsWith(customizations),
  );
  return [identityOf(settings).namespace, Object.fromEntries(entries)];
}

function fieldsOf(entry: JsonObject): Pick<FieldRule, 'paths' | 'jq' | 'managers'> {
  const texts = (key: string) => listAt(entry, key).filter(item => typeof item === 'string');
  return {
    // A pointer that doesn't start with a slash removes nothing.
    paths: texts('jsonPointers').filter(pointer => pointer.startsWith('/')),
    jq: texts('jqPathExpressions'),
    managers: texts('managedFieldsManagers'),
  };
}

function ofKind(group: string, kind: string): (group: string, kind: string) => boolean {
  const [ofGroup, ofName] = [globTest(group), globTest(kind)];
  return (itsGroup, itsKind) => ofGroup(itsGroup) && ofName(itsKind);
}

/**
 * A glob as Argo CD reads it: `*` and `**`, `?`, `[abc]`, `[!a-z]`, `{one,other}`, a backslash before what is meant as it
 * is. What is none matches nothing.
 * https://github.com/gobwas/glob
 */
export function globTest(glob: string): (text: string) => boolean {
  let depth = 0;
  const expression = glob.replace(/\\.|\[!?[^\]]+\]|[*]+|./gsu, part => {
    if (part.startsWith('\\') && part.length > 1) return escaped(part.slice(1));
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^');
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part === '{') depth++;
    if (part === '{') return '(?:';
    if (part === '}' && depth > 0) {
      depth--;
      return ')';
    }
    return part === ',' && depth > 0 ? '|' : escaped(part);
  });
  try {
    const pattern = new RegExp(`^${expression}$`, 'su');
    return text => pattern.test(text);
  } catch {
    return () => false;
  }
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\/?*]/g, '\\$&');
}
