import * as v from 'valibot';

/** Where the config file is looked for, at the repository's root. */
export const configFileName = '.gitops-tui.yaml';

const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));

const environmentName = v.pipe(
  text,
  v.regex(
    /^[A-Za-z0-9][\w./-]*$/,
    'must start with a letter or digit and hold only letters, digits and . _ / -',
  ),
  v.maxLength(100, 'must have 100 characters at most'),
);

const namespaceName = v.pipe(
  text,
  v.regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a namespace’s name: up to 63 lower case letters, digits and dashes',
  ),
);

/** One entry of `environments`. */
export const environmentSchema = v.strictObject(
  {
    name: v.pipe(
      environmentName,
      v.description('How the environment is called, on screens and on the command line.'),
    ),
    path: v.optional(
      v.pipe(v.string('must be text'), v.description('Folder of the repository. Default: its root.')),
    ),
    branch: v.optional(v.pipe(text, v.description('Branch that holds it. Default: the checked-out one.'))),
    context: v.optional(
      v.pipe(text, v.description('kubeconfig context. Default: the one that is named like the environment.')),
    ),
    namespace: v.optional(v.pipe(namespaceName, v.description('For resources that name none.'))),
    source: v.optional(
      v.pipe(
        v.picklist(
          ['auto', 'directory', 'kustomize', 'helm', 'terraform', 'ansible'],
          'must be auto, directory, kustomize, helm, terraform or ansible',
        ),
        v.description('What makes resources of the folder. Default: auto.'),
      ),
    ),
    engine: v.optional(
      v.pipe(
        v.picklist(['auto', 'direct', 'argocd', 'flux'], 'must be auto, direct, argocd or flux'),
        v.description('What brings the cluster to the state in git. Default: auto.'),
      ),
    ),
    protected: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description(
          'Changes to git only by pull request. Default: true for production, prod and live, else false.',
        ),
      ),
    ),
    promotesFrom: v.optional(
      v.pipe(environmentName, v.description('The environment whose state is promoted to this one.')),
    ),
  },
  'must be a mapping with a name',
);

/** One entry of `ignore`. */
export const ignoreSchema = v.strictObject(
  {
    group: v.optional(v.pipe(v.string('must be text'), v.description('API group, as a glob. Default: all.'))),
    kind: v.optional(v.pipe(text, v.description('Kind, as a glob. Default: all.'))),
    namespace: v.optional(v.pipe(text, v.description('Namespace, as a glob. Default: all.'))),
    name: v.optional(v.pipe(text, v.description('Name, as a glob. Default: all.'))),
    paths: v.pipe(
      v.array(
        v.pipe(
          text,
          v.regex(
            /^(?:\/|\$[.[])/,
            'must be a JSON pointer (/spec/replicas) or a JSONPath ($.spec.replicas)',
          ),
          v.check(
            path => !path.startsWith('/') || !/~(?![01])/.test(path),
            'has a ~ that is neither ~0 nor ~1',
          ),
        ),
        'must be a list of JSON pointers or JSONPaths',
      ),
      v.nonEmpty('must name at least one field'),
      v.description('Fields that are never drift: JSON pointers or JSONPaths.'),
    ),
  },
  'must be a mapping with paths',
);

/** One entry of `images`. */
export const imageSchema = v.strictObject(
  {
    image: v.pipe(
      text,
      v.description('Name of an image without its tag, in which * stands for anything: ghcr.io/acme/*.'),
    ),
    policy: v.pipe(
      text,
      v.regex(
        /^(?:semver:|globsemver:|glob:|regexp:|(?:numerical|alphabetical)(?::(?:asc|desc))?$|newest-build$|digest(?::|$))/,
        'must be semver:RANGE, globsemver:PATTERN, glob:GLOB, regexp:PATTERN, numerical, alphabetical, newest-build or digest:TAG',
      ),
      v.description(
        'Which tag is the newest: semver:~1.2, glob:main-*, numerical, newest-build, digest:stable.',
      ),
    ),
    tags: v.optional(
      v.pipe(
        text,
        v.description('Only tags that this regular expression of Go’s matches: ^main-(?P<n>[0-9]+)$.'),
      ),
    ),
    extract: v.optional(
      v.pipe(text, v.description('What of such a tag is put in order: $n. Default: the whole tag.')),
    ),
  },
  'must be a mapping with image and policy',
);

/** `.gitops-tui.yaml`. */
export const configSchema = v.strictObject(
  {
    $schema: v.optional(v.pipe(v.string('must be text'), v.description('For editors.'))),
    environments: v.optional(v.array(environmentSchema, 'must be a list of environments')),
    ignore: v.optional(v.array(ignoreSchema, 'must be a list of rules')),
    images: v.optional(v.array(imageSchema, 'must be a list of rules')),
    notify: v.optional(
      v.pipe(v.array(v.unknown(), 'must be a list'), v.description('Reserved: not read yet.')),
    ),
  },
  'must be a mapping with environments',
);

export type Config = v.InferOutput<typeof configSchema>;
export type EnvironmentConfig = v.InferOutput<typeof environmentSchema>;
