/** What of the selection an argument of a command of the user's own can hold, and what it is, in words. */
export const placeholders = {
  environment: 'the environment’s name',
  context: 'its kubeconfig context',
  branch: 'the branch that holds it',
  namespace: 'the chosen resource’s namespace, else the environment’s',
  kind: 'the chosen resource’s kind',
  group: 'its API group',
  name: 'its name',
  status: 'its sync status: Modified',
  commit: 'the chosen revision, in full',
  repository: 'the repository’s folder',
  file: 'the file of git that the chosen row comes from, with its whole path',
  line: 'the line in it',
} as const;

export type Placeholder = keyof typeof placeholders;

/** What they stand for here and now; left out where there is none. */
export type Filling = Readonly<Partial<Record<Placeholder, string>>>;

// `{{` and `}}` are braces; what is no word in braces is what it is: -o=jsonpath={.items[0]}.
const pieces = /\{\{|\}\}|\{([A-Za-z][A-Za-z-]*)\}/g;

/** The placeholders of an argument, whether they are known or not. */
export function placeholdersIn(argument: string): string[] {
  return [...argument.matchAll(pieces)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** True for the name of a placeholder. */
export function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(placeholders, name);
}

/**
 * A program and its arguments with what stands for the placeholders: each in its own argument, whatever is in it. Else why
 * they can't be filled: nothing stands for one here, or what does begins with a dash where the program could read it as an
 * option. After `--` there are no options.
 */
export function filled(run: readonly string[], filling: Filling): {argv: string[]} | {mistake: string} {
  const argv: string[] = [];
  for (const argument of run) {
    let missing: string | undefined;
    const text = argument.replace(pieces, (piece, name: string | undefined) => {
      if (name === undefined) return piece.slice(1);
      const value = isPlaceholder(name) ? filling[name] : undefined;
      if (value === undefined || value === '') missing ??= name;
      return value ?? '';
    });
    if (missing !== undefined) return {mistake: `there is no ${missing} here`};
    if (text.includes('\0')) return {mistake: `${argument} would hold a zero byte`};
    if (text.startsWith('-') && !argument.startsWith('-') && !argv.includes('--'))
      return {mistake: `${argument} would be "${text}", which could be read as an option`};
    argv.push(text);
  }
  return {argv};
}
