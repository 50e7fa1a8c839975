/** Where something stands in the repository. `file` is relative to the repository's root, lines and columns count from 1. */
export interface SourceLocation {
  file: string;
  line: number;
  column?: number;
}

/** Something that went wrong and what to do about it: a broken file, a denied list, a cluster out of reach. */
export interface Problem {
  severity: 'error' | 'warning';
  /** The cause, in a sentence. */
  message: string;
  /** What the user can do about it. */
  fix?: string;
  location?: SourceLocation;
  /** The environment that it is about, where it is about one. */
  environment?: string;
}

/** `environments/staging/web.yaml:7:3: did not find expected key — indent it` */
export function formatProblem(problem: Problem): string {
  const {location} = problem;
  const where =
    location === undefined
      ? ''
      : `${location.file}:${location.line}${location.column === undefined ? '' : `:${location.column}`}: `;
  return `${where}${problem.message}${problem.fix === undefined ? '' : ` — ${problem.fix}`}`;
}
