import type {Preferences} from '../../preferences/types.ts';
import type {Problem} from '../../resources/problem.ts';
import {keyWord} from '../keys/key-words.ts';
import {type AppState, currentEnvironment, type EnvironmentState} from './state.ts';

/** A problem as the overview's notes show it. */
export interface ShortProblem {
  /** The environment; '' for what concerns all. */
  readonly who: string;
  readonly problem: Problem;
  /** True where asking again may help. */
  readonly retry: boolean;
}

/** The first thing that is wrong with each environment, the chosen one's in front, then what is wrong with the rest. */
export function problemsInShort(state: AppState): ShortProblem[] {
  const chosen = currentEnvironment(state)?.environment.name;
  const found: ShortProblem[] = [];
  let isSaid = false;
  for (const known of state.environments) {
    const problem = firstProblem(known, state);
    if (problem === null) continue;
    const {name, context} = known.environment;
    // Without a kubeconfig they all lack the same thing: said once.
    const isShared = context === null && state.contextCount === 0;
    if (!(isShared && isSaid))
      found.push({who: isShared ? '' : name, problem, retry: context !== null || isShared});
    isSaid ||= isShared;
  }
  found.sort((a, b) => Number(b.who === chosen) - Number(a.who === chosen));
  const mistaken = new Set(state.preferences.problems);
  const general = generalProblems(state).map(problem => ({who: '', problem, retry: !mistaken.has(problem)}));
  return [...found, ...general];
}

/** What is wrong with the preferences, and what the session found wrong, but for what is said of the environments one by one. */
export function generalProblems(state: AppState): readonly Problem[] {
  const found = state.problems.filter(({environment}) => environment === undefined);
  return [...state.preferences.problems, ...found];
}

/** What the footer says first where the preferences could not all be used; null where they could. */
export function preferencesNotice(preferences: Preferences): AppState['notice'] {
  const [first, ...more] = preferences.problems;
  if (first === undefined) return null;
  const key = keyWord({preferences}, 'problems');
  const rest = more.length === 0 ? `${key} tells more` : `${more.length} more: ${key} tells all`;
  return {text: `${placed(first)} (${rest})`, tone: 'bad'};
}

/** A problem's cause behind the file and line that it stands at. The folder is long, and `!` shows it. */
export function placed({location, message}: Problem): string {
  if (location === undefined) return message;
  return `${location.file.replace(/^.*[/\\]/, '')}:${location.line}: ${message}`;
}

/** What is known of the kubeconfig. */
export type KnownKubeconfig = Pick<AppState, 'contextCount' | 'kubeconfig' | 'preferences'>;

/** The first thing that is wrong with an environment; null where nothing is. */
export function firstProblem(known: EnvironmentState, kubeconfig: KnownKubeconfig): Problem | null {
  if (known.environment.context === null) return withoutContext(kubeconfig);
  return known.failure ?? known.report?.errors[0] ?? null;
}

function withoutContext({contextCount, kubeconfig, preferences}: KnownKubeconfig): Problem {
  if (contextCount === 0) {
    const only = `only git's side is here, ${keyWord({preferences}, 'revisions')} shows its revisions`;
    if (kubeconfig?.found === true) {
      return {
        severity: 'warning',
        message: `${kubeconfig.where} holds no contexts: ${only}`,
        fix: 'log in to a cluster, which adds its context',
      };
    }
    const where = kubeconfig === null ? '' : ` (${kubeconfig.where})`;
    return {
      severity: 'warning',
      message: `no kubeconfig was found: ${only}${where}`,
      fix: 'set KUBECONFIG or give --kubeconfig FILE; or look around in gitops-tui demo',
    };
  }
  const words = contextCount === 1 ? 'the one context' : `one of the ${contextCount} contexts`;
  return {
    severity: 'warning',
    message: 'its cluster is not certain: no kubeconfig context has its name',
    fix: `${keyWord({preferences}, 'context')} chooses ${words}, and can write it into .gitops-tui.yaml`,
  };
}

/** A problem as one sentence, with what to do about it. */
export function problemSentence({message, fix}: Problem): string {
  return fix === undefined ? message : `${message}; ${fix}`;
}
