import type {HealthScript} from '../../../health/scripts.ts';
import type {JsonObject} from '../../../resources/json.ts';
import type {Problem} from '../../../resources/problem.ts';
import {globTest} from './argocd-glob.ts';
import {customizationsOf} from './argocd-settings.ts';

/**
 * The health scripts of the ConfigMap argocd-cm: those of one kind go before those that name kinds by a glob.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#custom-health-checks
 */
export function settingsHealth(settings: JsonObject): {scripts: HealthScript[]; problems: Problem[]} {
  const {found, problems} = customizationsOf(settings, 'health', 'health.lua');
  const isGlob = (kinds: string) => /[*?[{]/.test(kinds);
  const sorted = [...found.filter(({kinds}) => !isGlob(kinds)), ...found.filter(({kinds}) => isGlob(kinds))];
  const scripts = sorted
    .filter(({text}) => text.trim() !== '')
    .map(({kinds, text}): HealthScript => {
      const isOneOf = globTest(kinds);
      return {covers: (group, kind) => isOneOf(group === '' ? kind : `${group}/${kind}`), script: text};
    });
  return {scripts, problems};
}
