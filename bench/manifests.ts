/** How many resources, and the namespaces that they are spread over; none: the manifests name none. */
export interface ManifestOptions {
  count: number;
  namespaces?: readonly string[];
}

/** Resources of the usual kinds in the usual mix, 20 to a file, as the files of a folder. */
export function manifests({count, namespaces = []}: ManifestOptions): Record<string, string> {
  const files: Record<string, string> = {};
  for (let index = 0; index < count; index++) {
    const make = makers[index % makers.length];
    if (make === undefined) throw new Error('no makers');
    const file = `part-${String(Math.floor(index / 20)).padStart(4, '0')}.yaml`;
    // Neighbours share a namespace, as the objects of an application do.
    const namespace = namespaces[Math.floor((index * namespaces.length) / count)];
    const text = make(`item-${index}`, index);
    files[file] = `${files[file] ?? ''}---\n${
      namespace === undefined ? text : text.replace('metadata: {', `metadata: {namespace: ${namespace}, `)
    }`;
  }
  return files;
}

const makers = [
  deployment,
  service,
  configMap,
  deployment,
  secret,
  configMap,
  service,
  serviceAccount,
  cronJob,
  configMap,
];

function configMap(name: string, index: number): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, labels: {part: "${index % 7}"}}
data:
  level: info
  app.properties: |
    index=${index}
    currency=EUR
`;
}

function secret(name: string, index: number): string {
  return `apiVersion: v1
kind: Secret
metadata: {name: ${name}}
stringData: {password: "bench-${index}"}
`;
}

function serviceAccount(name: string): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}}
`;
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: metrics, port: 9090}
`;
}

function deployment(name: string, index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: ${(index % 4) + 1}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: registry.example/app:v1.${index}
          ports: [{containerPort: 8080}]
          env:
            - {name: LEVEL, value: info}
            - {name: INDEX, value: "${index}"}
          resources: {requests: {cpu: 1000m, memory: 1024Mi}}
          readinessProbe: {httpGet: {path: /, port: 8080}, initialDelaySeconds: 0}
`;
}

function cronJob(name: string): string {
  return `apiVersion: batch/v1
kind: CronJob
metadata: {name: ${name}}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers: [{name: job, image: "registry.example/job:v1"}]
`;
}
