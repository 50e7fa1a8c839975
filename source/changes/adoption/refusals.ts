import {encryption} from '../../drift/encrypted.ts';
import type {FieldChange} from '../../drift/types.ts';
import type {FieldPath} from '../../resources/field-path.ts';
import {isObject, type Json, type JsonObject} from '../../resources/json.ts';
import {isSecretKind} from '../../secrets/known.ts';

/**
 * Why a field of an object must not go into git; null where it may. Values of Secrets never do: git keeps them encrypted
 * or not at all, and this program has no key to encrypt with.
 */
export function secretRefusal(object: JsonObject, path: FieldPath): string | null {
  if (!isSecretKind(object) && !isObject(object['sops'])) return null;
  const encrypted = encryption(object);
  if (encrypted !== null || isObject(object['sops'])) {
    return 'git holds it encrypted, which only its own tool can write: "sops FILE" edits it, or the vault that it names';
  }
  const [first, second] = path;
  const names = [first, second].map(element => (element?.type === 'field' ? element.name : ''));
  const isLabel = names[0] === 'metadata' && names[1] === 'labels';
  if (isLabel || names[0] === 'type' || names[0] === 'immutable') return null;
  return 'values of Secrets are never written into git in the clear: commit it encrypted (sops, kubeseal) or by an ExternalSecret';
}

/** Why a live value must not go into git although it stands in no Secret: it holds what a Secret keeps. */
export function leakRefusal(value: Json | undefined, redact: (text: string) => string): string | null {
  return holds(value) ? 'it holds the value of a Secret: refer to the Secret instead (secretKeyRef)' : null;

  function holds(inner: Json | undefined): boolean {
    if (typeof inner === 'string') return redact(inner) !== inner;
    if (Array.isArray(inner)) return inner.some(holds);
    return isObject(inner) && Object.values(inner).some(holds);
  }
}

const controllers =
  /autoscaler|controller|operator|^keda|^vpa|^argo-?cd|^kustomize-|^helm|^flux|^rancher|^cert-manager/i;

/** What should be known before the value of a manager that will write again goes into git; null for a person's. */
export function managerWarning(field: Pick<FieldChange, 'path' | 'manager'>): string | null {
  const {manager} = field;
  if (manager === undefined || !controllers.test(manager)) return null;
  return `${manager} set ${field.path} and may set it again: better ignore the field than follow it in git`;
}
