/** Where somebody who may not ask the server for a dry run is told something else. */
export interface Undecided {
  /** How the tests' names begin. */
  tests: readonly string[];
  /** As `Kind/name`. */
  resources: readonly string[];
  /**
   * `undecided`: Unknown with the reason; where other fields are drift for certain, Modified with a note on what is
   * undecided. `local`: Modified, and that this was compared here only.
   */
  told: 'undecided' | 'local';
  because: string;
}

/** Every case, in all traps, in which a reader is not told what the server would decide. */
export const onlyTheServerKnows: readonly Undecided[] = [
  {
    tests: ['trap 5: an empty object in a custom kind is a value'],
    resources: ['Cache/one'],
    told: 'undecided',
    because: 'the server may have left out an empty object',
  },
  {
    tests: ['trap 34: a declared field that a webhook rewrites is a note (kubectl apply --server-side)'],
    resources: ['Deployment/web'],
    told: 'undecided',
    because: 'only a dry run tells what a webhook rewrites from what somebody changed',
  },
  {
    tests: ['trap 34: a declared field that a webhook rewrites is a note (kubectl create)'],
    resources: ['Deployment/web'],
    told: 'local',
    because: 'nothing on the object tells what was sent, and who created it may have changed it since',
  },
  {
    tests: ['trap 58: '],
    resources: ['ConfigMap/map-0'],
    told: 'local',
    because: 'the server that did not answer was never asked: what was compared here stands, and says so',
  },
];
