import {randomBytes} from 'node:crypto';

/** The contexts of the kubeconfig, each a user of its own; `stranger` brings a token that the server does not know. */
export const contexts = ['admin', 'reader', 'getter', 'nobody', 'stranger'] as const;
export type Context = (typeof contexts)[number];

export type Tokens = Record<Context, string>;

/** What a user with a role of this tier may do, on everything. */
export const grants = {
  reader: ['get', 'list', 'watch'],
  getter: ['get'],
} as const;

/** Fresh tokens for one cluster. */
export function newTokens(): Tokens {
  const token = () => randomBytes(16).toString('hex');
  return {admin: token(), reader: token(), getter: token(), nobody: token(), stranger: token()};
}

/** The content of kube-apiserver's --token-auth-file. */
export function tokenFile(tokens: Tokens): string {
  const known = contexts.filter(context => context !== 'stranger');
  return known
    .map(user => `${tokens[user]},${user},${user},"${user === 'admin' ? 'system:masters' : 'testers'}"\n`)
    .join('');
}

/** A kubeconfig with one context a user, admin being the current one. */
export function kubeconfig(url: string, ca: string, tokens: Tokens): string {
  // JSON is YAML too, and needs no library.
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'test',
          cluster: {server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64')},
        },
      ],
      users: contexts.map(name => ({name, user: {token: tokens[name]}})),
      contexts: contexts.map(name => ({name, context: {cluster: 'test', user: name}})),
      'current-context': 'admin',
    },
    null,
    2,
  );
}

/** The RBAC objects behind the grants, with the path each is posted to. */
export function rbacObjects(): {path: string; body: object}[] {
  const api = '/apis/rbac.authorization.k8s.io/v1';
  return Object.entries(grants).flatMap(([user, verbs]) => {
    const metadata = {name: `gitops-tui-test-${user}`};
    return [
      {path: `${api}/clusterroles`, body: {metadata, rules: [{apiGroups: ['*'], resources: ['*'], verbs}]}},
      {
        path: `${api}/clusterrolebindings`,
        body: {
          metadata,
          roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name},
          subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user}],
        },
      },
    ];
  });
}
