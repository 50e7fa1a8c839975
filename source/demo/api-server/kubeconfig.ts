/** A kubeconfig with two contexts on one server: NAME for everything, NAME-reader for looking. JSON, which is YAML. */
export function kubeconfig(access: {
  name: string;
  url: string;
  caPem: string;
  token: string;
  readerToken: string;
  namespace: string | undefined;
}): string {
  const {name, url, caPem, token, readerToken, namespace} = access;
  const reader = `${name}-reader`;
  const context = (user: string) => ({
    name: user,
    context: {cluster: name, user, ...(namespace === undefined ? {} : {namespace})},
  });
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [
        {
          name,
          cluster: {server: url, 'certificate-authority-data': Buffer.from(caPem).toString('base64')},
        },
      ],
      contexts: [context(name), context(reader)],
      users: [
        {name, user: {token}},
        {name: reader, user: {token: readerToken}},
      ],
    },
    undefined,
    2,
  )}\n`;
}
