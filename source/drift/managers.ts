import {fields} from '../resources/field-path.ts';
import type {FieldSet} from '../resources/field-set.ts';
import {type ManagedEntry, managedFieldsOf} from '../resources/managed-fields.ts';
import {lastApplied} from './normalise.ts';

/**
 * Who a field manager is. `git` brought manifests from git; `person` is a tool in somebody's hands; `controller` is
 * everybody else: what they set while git is silent is theirs (drift traps 29 to 36).
 */
export type ManagerClass = 'git' | 'person' | 'controller';

const gitAppliers = new Set([
  'gitops-tui',
  'kubectl-client-side-apply',
  'kubectl-last-applied',
  'before-first-apply',
  'argocd-controller',
  'argocd-application-controller',
  'argocd-server',
  'kustomize-controller',
  'helm-controller',
  'helm',
  'kustomize',
  'kapp',
  'kluctl',
  'timoni',
  'werf',
  'skaffold',
  'fleetagent',
]);
const gitPrefixes = ['flux', 'terraform', 'hashicorp', 'opentofu', 'pulumi', 'applyset', 'kpt-'];

const people = new Set([
  'k9s',
  'node-fetch',
  'lens',
  'openlens',
  'freelens',
  'dashboard',
  'kubernetes-dashboard',
  'headlamp',
  'octant',
  'oc',
  'curl',
  'wget',
  'httpie',
  'mozilla',
  'postmanruntime',
  'insomnia',
  'python-requests',
  'python-urllib',
  'openapi-generator',
  'swagger-codegen',
  'go-http-client',
  'axios',
  'undici',
  'node',
  'unknown',
]);

/** Entries of an Update that made the object own what the server filled in as well; edits own what they changed. */
const makers = new Set([
  'kubectl-client-side-apply',
  'kubectl-create',
  'kubectl-replace',
  'kubectl-run',
  'kubectl-expose',
  'kubectl-autoscale',
  'before-first-apply',
]);

const lastAppliedPath = fields('metadata', 'annotations', lastApplied);
const automation =
  /controller|operator|manager|webhook|injector|autoscaler|scheduler|kubelet|^kube-|^system:/;

/** Says who a manager is by its name and verb alone. */
export function classOfManager(manager: string, operation: 'Apply' | 'Update'): ManagerClass {
  const name = manager.toLowerCase();
  if (gitAppliers.has(name) || gitPrefixes.some(prefix => name.startsWith(prefix))) return 'git';
  // `kubectl` names itself so for server-side apply; as an Update it is `kubectl scale` and the like.
  if (name === 'kubectl') return operation === 'Apply' ? 'git' : 'person';
  if (name.startsWith('kubectl-')) return 'person';
  if (people.has(name)) return 'person';
  return 'controller';
}

/** An owner of fields, and who that is. */
export interface Owner {
  entry: ManagedEntry;
  class: ManagerClass;
  /** True where owning a field doesn't say that somebody set it: it may be a default of the server. */
  ownsDefaults: boolean;
}

/**
 * The owner of everything in an object that keeps no books: the server notes owners only from the first apply on that
 * owned anything. What is there may be a default or anybody's.
 */
export function ownerOfAll(all: FieldSet): Owner {
  return {
    entry: {manager: '', operation: 'Update', subresource: '', time: undefined, apiVersion: '', fields: all},
    class: 'git',
    ownsDefaults: true,
  };
}

/**
 * The owners of a live object's fields. `ownsMost` tells whether an entry owns most of what git declares: a manager of an
 * unknown name that does so is whatever applied git before (`kubectl apply --field-manager=ci`; trap 29).
 */
export function ownersOf(
  live: Parameters<typeof managedFieldsOf>[0],
  ownsMost: (entry: ManagedEntry) => boolean,
): Owner[] {
  const owners: Owner[] = [];
  for (const entry of managedFieldsOf(live)) {
    if (entry.subresource === 'status') continue;
    let who = classOfManager(entry.manager, entry.operation);
    // A controller may touch most of a small object by updates, or be handed all of what `kubectl apply` owned when it
    // first applies with kubectl. Else nobody but what brings git's manifests applies most of what git declares.
    const applies = entry.operation === 'Apply' && !entry.fields.has(lastAppliedPath);
    const mayBeGit = applies || !automation.test(entry.manager.toLowerCase());
    if (who === 'controller' && mayBeGit && ownsMost(entry)) who = 'git';
    owners.push({
      entry,
      class: who,
      ownsDefaults:
        entry.operation === 'Update' && (who === 'git' || makers.has(entry.manager.toLowerCase())),
    });
  }
  return owners;
}
