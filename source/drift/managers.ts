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

const automation =
  /controller|operator|manager|webhook|injector|autoscaler|scheduler|updater|admission|kubelet|^kube-|^system:|\.(?:io|com|org|dev|net|cloud|run)(?:$|[/.:])/;

/** True for names that controllers, operators and webhooks have; domains (`kro.run/applyset`) are theirs as well. */
export function isAutomation(manager: string): boolean {
  return automation.test(manager.toLowerCase());
}

/** True for the parts of Kubernetes itself, which never bring anybody's manifests. */
export function isKubernetes(manager: string): boolean {
  return /^(?:kube-|kubelet|system:|horizontal-pod-autoscaler|cloud-controller-manager)/.test(
    manager.toLowerCase(),
  );
}

/** Says who a manager is by its name and verb alone. */
export function classOfManager(manager: string, operation: 'Apply' | 'Update'): ManagerClass {
  const name = manager.toLowerCase().replace(/\.exe$/, '');
  if (gitAppliers.has(name) || gitPrefixes.some(prefix => name.startsWith(prefix))) return 'git';
  // `kubectl` names itself so for server-side apply; as an Update it is `kubectl scale` and the like.
  if (name === 'kubectl') return operation === 'Apply' ? 'git' : 'person';
  if (name.startsWith('kubectl-')) return 'person';
  if (people.has(name)) return 'person';
  return 'controller';
}
