import type {AnyFlags, TypedFlags} from 'meow';

/** The flags of every command, as meow takes them; the help in source/cli.ts has their words. */
export const flags = {
  repository: {type: 'string', shortFlag: 'C'},
  config: {type: 'string'},
  kubeconfig: {type: 'string'},
  context: {type: 'string'},
  worktree: {type: 'boolean', default: false},
  output: {type: 'string', shortFlag: 'o', choices: ['text', 'json', 'yaml'], default: 'text'},
  orphans: {type: 'boolean', default: false},
  ignored: {type: 'boolean', default: false},
  limit: {type: 'number', default: 20},
  skip: {type: 'number', default: 0},
  at: {type: 'string'},
  signatures: {type: 'boolean', default: false},
  differences: {type: 'boolean', default: false},
  changes: {type: 'boolean', default: false},
  prune: {type: 'boolean', default: false},
  force: {type: 'boolean', default: false},
  timeout: {type: 'number', default: 300},
  revertCommits: {type: 'boolean', default: false},
  update: {type: 'boolean', default: false},
  watch: {type: 'boolean', default: false},
  plainHttp: {type: 'string', isMultiple: true},
  pullRequest: {type: 'boolean', default: false},
  title: {type: 'string'},
  draft: {type: 'boolean', default: false},
  reviewer: {type: 'string', isMultiple: true},
  label: {type: 'string', isMultiple: true},
  dryRun: {type: 'boolean', default: false},
  yes: {type: 'boolean', shortFlag: 'y', default: false},
  fetch: {type: 'boolean', default: true},
  revealSecrets: {type: 'boolean', default: false},
  readOnly: {type: 'boolean', default: false},
  color: {type: 'boolean', default: true},
  ascii: {type: 'boolean', default: false},
} satisfies AnyFlags;

/** The flags as the commands take them. */
export type Flags = TypedFlags<typeof flags>;
