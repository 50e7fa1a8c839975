import {formatIdentity} from '../../../resources/identity.ts';
import type {AdoptedResource, AdoptPreview, AdoptRequest} from '../../session.ts';
import {chosenRow, markedKeys} from '../screens/environment-screen.ts';
import {idOf} from '../screens/tree.ts';
import {type AppState, currentEnvironment, currentScreen, resourcesOf} from '../state.ts';

/**
 * What adopting would be about: all that differs in the marked resources, else in the chosen one, else the chosen field.
 * Words where there is nothing to adopt, and why.
 */
export function adoptable(state: AppState): {request: AdoptRequest; about: string} | string {
  const screen = currentScreen(state);
  const known = currentEnvironment(state);
  if (screen.id !== 'environment' || known === undefined) return 'choose a field or a resource first';
  const {environment} = known;
  if (environment.context === null) return `${environment.name} has no kubeconfig context`;
  if (state.session?.worktree === true) return 'started with --worktree: only what is committed can follow';
  const marked = markedKeys(screen, resourcesOf(known));
  const row = chosenRow(state, screen);
  const drifts =
    marked === null
      ? row === undefined || row.kind === 'namespace'
        ? []
        : [row.resource]
      : resourcesOf(known).filter(resource => screen.marked.has(idOf(resource)));
  const [first] = drifts;
  if (first === undefined) return 'choose a field or a resource first';
  const wrong = drifts.filter(({status}) => status !== 'Modified' && status !== 'Extra');
  if (wrong.length === drifts.length) {
    if (first.status === 'Missing') return 'it is not live: there is nothing to adopt';
    return first.status === 'Unknown' ? 'it could not be compared' : 'git says what is live';
  }
  const one = marked === null && row?.kind === 'field' ? row.field.path : null;
  if (one !== null && first.id.kind === 'Secret' && /^(?:data|stringData)\b/.test(one)) {
    return 'values of Secrets are never written into git in the clear';
  }
  const resources = drifts
    .filter(({status}) => status === 'Modified' || status === 'Extra')
    .map(({id}): AdoptedResource => ({id, fields: one === null ? null : [one]}));
  const about =
    resources.length > 1
      ? `${resources.length} resources`
      : `${formatIdentity(first.id)}${one === null ? '' : ` ${one}`}`;
  return {request: {kind: 'adopt', environment: environment.name, resources}, about};
}

/** The environments that share a file which sets, or could set, one of the fields. */
export function sharedBy({plan}: AdoptPreview): string[] {
  return [
    ...plan.left.flatMap(({shared = []}) => shared),
    ...plan.adopted.flatMap(({overrides}) => overrides),
  ];
}
