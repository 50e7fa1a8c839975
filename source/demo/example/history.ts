import {type ShopValues, shopFiles} from './shop.ts';

const hour = 3600_000;
const day = 24 * hour;

/** A commit of the example: who, how long ago (milliseconds), why, and every file as it then is. */
export interface ExampleCommit {
  author: string;
  email: string;
  ago: number;
  message: string;
  files: Record<string, string>;
}

type Values = Record<'development' | 'staging' | 'production', ShopValues>;

const jane = {author: 'Jane Doe', email: 'jane@shop.example'};
const bob = {author: 'Bob Ray', email: 'bob@shop.example'};
const ci = {author: 'ci', email: 'ci@shop.example'};

/** The example's history, oldest first. It reads like a month of a small team's life. */
export function exampleHistory(): ExampleCommit[] {
  let values: Values = {
    development: shop('development', 1),
    staging: shop('staging', 2),
    production: shop('production', 3),
  };
  const commits: ExampleCommit[] = [];
  const commit = (who: typeof jane, ago: number, message: string, change: Partial<Values> = {}) => {
    values = {...values, ...change};
    commits.push({...who, ago, message, files: repositoryFiles(values)});
  };

  commit(jane, 30 * day, 'Add the shop: web, checkout and redis in three environments');
  commit(bob, 21 * day, 'checkout: image v1.8.0 everywhere', {
    development: withCheckout(values.development, 'v1.8.0'),
    staging: withCheckout(values.staging, 'v1.8.0'),
    production: withCheckout(values.production, 'v1.8.0'),
  });
  commit(bob, 12 * day, 'Drop the flags of the checkout experiment', {
    staging: {...values.staging, oldFlags: false},
    production: {...values.production, oldFlags: false},
  });
  commit(jane, 6 * day, 'production: web in three replicas, log level warn', {
    production: {...values.production, logLevel: 'warn'},
  });
  commit(ci, 3 * day, 'staging: checkout v1.8.1', {staging: withCheckout(values.staging, 'v1.8.1')});
  commit(jane, 2 * day, 'production: checkout v1.8.1', {
    production: withCheckout(values.production, 'v1.8.1'),
  });
  commit(ci, 5 * hour, 'development, staging: redis 7.4', {
    development: {...values.development, redis: 'redis:7.4'},
    staging: {...values.staging, redis: 'redis:7.4'},
  });
  commit(jane, 1 * hour, 'production: checkout v1.8.2', {
    production: withCheckout(values.production, 'v1.8.2'),
  });
  return commits;
}

/** Which commit of the history each environment runs: production waits for its last one. */
export const deployedCommits = {development: 6, staging: 6, production: 5} as const;

const configFile = `# Which folder belongs to which cluster. Everything here could be found by convention, but for what is protected.
environments:
  - name: development
    path: environments/development
    context: development
    namespace: shop
  - name: staging
    path: environments/staging
    context: staging
    namespace: shop
    promotesFrom: development
  - name: production
    path: environments/production
    context: production
    namespace: shop
    protected: true
    promotesFrom: staging
`;

const readme = `# Shop

What runs where. Change it here, by commit or pull request; nobody changes a cluster by hand (in theory).
`;

function repositoryFiles(values: Values): Record<string, string> {
  const files: Record<string, string> = {'README.md': readme, '.gitops-tui.yaml': configFile};
  for (const [environment, shopValues] of Object.entries(values)) {
    for (const [name, text] of Object.entries(shopFiles(shopValues))) {
      files[`environments/${environment}/${name}`] = text;
    }
  }
  return files;
}

function shop(environment: string, replicas: number): ShopValues {
  return {
    environment,
    web: {image: 'nginx:1.27', replicas},
    checkout: {image: 'shop/checkout:v1.7.4', replicas},
    redis: 'redis:7.2',
    host: environment === 'production' ? 'shop.example' : `${environment}.shop.example`,
    logLevel: 'info',
    // The experiment never ran in development: that environment is in sync.
    oldFlags: environment !== 'development',
  };
}

function withCheckout(values: ShopValues, tag: string): ShopValues {
  return {...values, checkout: {...values.checkout, image: `shop/checkout:${tag}`}};
}
