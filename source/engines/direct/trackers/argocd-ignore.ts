import type {FieldRule} from '../../../drift/field-rules.ts';
import {identityOf} from '../../../resources/identity.ts';
import {isObject, type JsonObject, listAt, objectAt, stringAt} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {customizationsOf, ofKind, readMap, unreadable} from './argocd-settings.ts';

/** What an Application, or Argo CD's settings, call no difference, and what of it can't be read. */
export interface ToldRules {
  rules: FieldRule[];
  problems: Problem[];
}

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
 * `….all`), or in the older map of all customizations. That `status` may differ, and what is aggregated into a role, is so
 * for everybody here: `resource.compareoptions` adds nothing to it.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/#system-level-configuration
 */
export function settingsRules(settings: JsonObject): ToldRules {
  const {found, problems} = customizationsOf(settings, 'ignoreDifferences', 'ignoreDifferences');
  const rules = found.flatMap(({origin, kinds, text}): FieldRule[] => {
    const {value, isRead} = readMap(text, origin);
    if (!isRead) problems.push(unreadable(origin));
    if (Object.keys(value).length === 0) return [];
    const [group, kind] = kinds.includes('/') ? (kinds.split('/') as [string, string]) : ['', kinds];
    const isOfKind = ofKind(group, kind);
    const {managers, ...fields} = fieldsOf(value);
    // Managers are looked up by the very key: a glob is none there.
    const isPlain = kinds === '*/*' || !/[*?[{]/.test(kinds);
    return [
      {
        ...fields,
        ...(isPlain && managers !== undefined ? {managers} : {}),
        origin,
        about: ({git}) => {
          const id = identityOf(git);
          return isOfKind(id.group, id.kind);
        },
      },
    ];
  });
  return {rules, problems};
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
