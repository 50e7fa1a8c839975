/** What differs between the shop's environments, and from commit to commit. */
export interface ShopValues {
  environment: string;
  web: {image: string; replicas: number};
  checkout: {image: string; replicas: number};
  redis: string;
  host: string;
  logLevel: string;
  /** The feature flags of an experiment that ended: git dropped them, the clusters that nobody pruned still have them. */
  oldFlags: boolean;
}

/** The manifests of the example shop as files of an environment's folder, written as people write them. */
export function shopFiles(values: ShopValues): Record<string, string> {
  return {
    'namespace.yaml': namespace,
    'config.yaml': config(values),
    'web.yaml': web(values),
    'checkout.yaml': checkout(values),
    'redis.yaml': redis(values),
    'nightly-report.yaml': nightlyReport(values),
    ...(values.oldFlags ? {'old-flags.yaml': oldFlags} : {}),
  };
}

const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
`;

const oldFlags = `# The checkout experiment of last spring.
apiVersion: v1
kind: ConfigMap
metadata:
  name: old-flags
data:
  new-checkout: "on"
`;

function config({environment, logLevel}: ShopValues): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-config
data:
  environment: ${environment}
  log-level: ${logLevel}
  app.properties: |
    currency=EUR
    cart.ttl=30m
---
# A password of the example. A real one would be sealed, or come from a vault.
apiVersion: v1
kind: Secret
metadata:
  name: database
stringData:
  username: shop
  password: example-${environment}
`;
}

function web({environment, web: {image, replicas}, host}: ShopValues): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: nginx
          image: ${image}
          ports:
            - containerPort: 8080
              name: http
          env:
            - name: ENVIRONMENT
              value: ${environment}
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: ${host}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
`;
}

function checkout({checkout: {image, replicas}}: ShopValues): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  labels:
    app: checkout
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: checkout
  template:
    metadata:
      labels:
        app: checkout
    spec:
      containers:
        - name: api
          image: ${image}
          ports:
            - containerPort: 9000
          env:
            - name: DATABASE_USER
              valueFrom:
                secretKeyRef:
                  name: database
                  key: username
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef:
                  name: shop-config
                  key: log-level
          resources:
            requests:
              cpu: 250m
              memory: 128Mi
            limits:
              memory: 256Mi
---
apiVersion: v1
kind: Service
metadata:
  name: checkout
spec:
  selector:
    app: checkout
  ports:
    - port: 9000
`;
}

function redis({redis: image}: ShopValues): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: redis
spec:
  serviceName: redis
  replicas: 1
  selector:
    matchLabels:
      app: redis
  template:
    metadata:
      labels:
        app: redis
    spec:
      containers:
        - name: redis
          image: ${image}
          ports:
            - containerPort: 6379
---
apiVersion: v1
kind: Service
metadata:
  name: redis
spec:
  clusterIP: None
  selector:
    app: redis
  ports:
    - port: 6379
`;
}

function nightlyReport({checkout: {image}}: ShopValues): string {
  return `apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly-report
spec:
  schedule: "15 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: report
              image: ${image}
              args: [report, --yesterday]
`;
}
