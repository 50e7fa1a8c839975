import type {ClusterErrorReason} from '../cluster/types.ts';

/** Why the server refused a dry run, in the terms that decide the verdict. */
export interface ReadError {
  /**
   * `immutable`: the object must be replaced (trap 48); `no-dry-run`: a webhook refuses dry runs (57); `not-allowed`: no
   * `patch` verb; `denied`: admission says no; `invalid`: the manifest itself; `failed`: no answer that means anything.
   */
  kind: 'immutable' | 'no-dry-run' | 'not-allowed' | 'denied' | 'invalid' | 'failed';
  message: string;
}

interface DryRunError {
  reason: ClusterErrorReason;
  message: string;
  causes: readonly {field: string; message: string}[];
}

const immutable =
  /immutable|updates to .* are forbidden|updates may not change|may not change once set|may not be changed|can ?not be changed|cannot change roleRef/i;
const noDryRun = /does not support dry run|dryrun is not supported/i;
const admission =
  /admission webhook|denied the request|exceeded quota|violates PodSecurity|ValidatingAdmissionPolicy/i;

/** All that the server says of a JSON patch that does not fit the object: its `test` failed, or a path is gone. */
const misfit = 'the server rejected our request due to an error in our request';

/** True where the live object has moved on since it was read: read it again, and compare again (drift trap 56). */
export function hasMoved(error: DryRunError): boolean {
  if (error.reason === 'conflict' || error.reason === 'not-found') return true;
  return error.reason === 'invalid' && error.causes.length === 0 && error.message.includes(misfit);
}

/** Reads the error of a dry run. The texts are those of kube-apiserver and its admission plug-ins. */
export function readDryRunError(error: DryRunError): ReadError {
  if (noDryRun.test(error.message)) return {kind: 'no-dry-run', message: error.message};
  if (hasMoved(error)) return {kind: 'failed', message: 'it changed while it was compared'};
  switch (error.reason) {
    case 'invalid': {
      const causes = error.causes.filter(cause => immutable.test(cause.message));
      if (causes.length > 0) {
        return {
          kind: 'immutable',
          message: causes.map(cause => `${cause.field}: ${inBrief(withoutDiff(cause.message))}`).join('; '),
        };
      }
      if (immutable.test(error.message)) return {kind: 'immutable', message: inBrief(error.message)};
      return {kind: admission.test(error.message) ? 'denied' : 'invalid', message: error.message};
    }
    case 'forbidden':
      return {kind: admission.test(error.message) ? 'denied' : 'not-allowed', message: error.message};
    default:
      return {kind: admission.test(error.message) ? 'denied' : 'failed', message: error.message};
  }
}

/** The server prints whole pod templates between "Invalid value" and what is wrong with them: the dump is cut short. */
export function inBrief(message: string): string {
  return message.replace(/(Invalid value: .{60}).{60,}(: [^:{}"]{3,})/gs, '$1…$2');
}

// Of a pod or a claim the server prints, below its sentence, a diff of its Go types.
function withoutDiff(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

/** True where an admission webhook refuses dry runs. */
export function isRefusedDryRun(error: DryRunError): boolean {
  return readDryRunError(error).kind === 'no-dry-run';
}

/** True where the server's causes name the field, something below it, or what holds it; it writes indexes for keys. */
export function isBlamed(path: string, causes: readonly {field: string}[]): boolean {
  const ours = withoutKeys(path);
  return causes.some(({field}) => {
    const blamed = withoutKeys(field);
    return blamed !== '' && (isBelow(ours, blamed) || isBelow(blamed, ours));
  });
}

function isBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`);
}

function withoutKeys(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '[]');
}
