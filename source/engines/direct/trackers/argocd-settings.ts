import {identityOf} from '../../../resources/identity.ts';
import {isObject, type Json, type JsonObject, objectAt, stringAt} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {readYaml} from '../../../sources/yaml.ts';
import {globTest} from './argocd-glob.ts';

const customizations = 'resource.customizations';

/** What Argo CD's settings say of some kinds. */
export interface Customization {
  /** Where it stands, for people. */
  origin: string;
  /** `group/Kind`, `Kind` of the core group, or a glob. */
  kinds: string;
  text: string;
}

/**
 * What the ConfigMap argocd-cm says of kinds in one respect (`ignoreDifferences`, `health`): by key
 * (`resource.customizations.health.cert-manager.io_Certificate`, `….all`), or in the older map of all customizations,
 * where it has a name of its own (`health.lua`).
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/argocd-cm-yaml/
 */
export function customizationsOf(
  settings: JsonObject,
  respect: string,
  olderName: string,
): {found: Customization[]; problems: Problem[]} {
  const where = settingsName(settings);
  const data = objectAt(settings, 'data');
  const problems: Problem[] = [];
  const found: Customization[] = [];
  const {value: older, isRead} = readMap(data[customizations], `${where} ${customizations}`);
  if (!isRead) problems.push(unreadable(`Argo CD's ${where}, ${customizations}`));
  for (const [kinds, entry] of Object.entries(older)) {
    const text = isObject(entry) ? stringAt(entry, olderName) : undefined;
    if (text !== undefined) found.push({origin: `Argo CD's ${where}, ${customizations}`, kinds, text});
  }
  const prefix = `${customizations}.${respect}.`;
  for (const [key, text] of Object.entries(data)) {
    if (!key.startsWith(prefix) || typeof text !== 'string') continue;
    const groupKind = key.slice(prefix.length);
    const kinds = groupKind === 'all' ? '*/*' : groupKind.replace('_', '/');
    found.push({origin: `Argo CD's ${where}, ${key}`, kinds, text});
  }
  return {found, problems};
}

/** A YAML mapping of the settings; an empty one where there is none, or (`isRead` false) where it is wrong. */
export function readMap(text: Json | undefined, name: string): {value: JsonObject; isRead: boolean} {
  if (typeof text !== 'string' || text.trim() === '') return {value: {}, isRead: true};
  const {documents, problems} = readYaml(text, name);
  const value = documents[0]?.value;
  const isRead = problems.every(({severity}) => severity !== 'error') && isObject(value ?? {});
  return {value: isObject(value) ? value : {}, isRead};
}

/** What to tell where settings are not YAML. */
export function unreadable(origin: string): Problem {
  return {severity: 'warning', message: `${origin}, can't be read`};
}

/** `namespace/name` of the settings' ConfigMap. */
function settingsName(settings: JsonObject): string {
  const {namespace, name} = identityOf(settings);
  return `${namespace}/${name}`;
}

/** What of Argo CD's settings is made use of: the same value, the same rules. */
export function toldBySettings(settings: JsonObject): Json {
  const entries = Object.entries(objectAt(settings, 'data')).filter(([key]) =>
    key.startsWith(customizations),
  );
  return [identityOf(settings).namespace, Object.fromEntries(entries)];
}

/** True for kinds whose group and name match the globs. */
export function ofKind(group: string, kind: string): (group: string, kind: string) => boolean {
  const [ofGroup, ofName] = [globTest(group), globTest(kind)];
  return (itsGroup, itsKind) => ofGroup(itsGroup) && ofName(itsKind);
}
