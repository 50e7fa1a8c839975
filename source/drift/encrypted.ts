import {isObject, type JsonObject, objectAt, stringAt} from '../resources/json.ts';

/**
 * Why what git holds is not what is meant to run: somebody else decrypts it, or fills it in. Comparing it with live values
 * would tell drift that is none, and applying it would put ciphertext in the place of a password. Null for all others; a
 * SealedSecret or an ExternalSecret is an object of its own, and compared like any other.
 * https://getsops.io/docs/#encrypting-only-parts-of-a-file,
 * https://argocd-vault-plugin.readthedocs.io/en/stable/howitworks/
 */
export function encryption(object: JsonObject): string | null {
  const isSops = isObject(object['sops']) && stringAt(object['sops'], 'mac') !== undefined;
  if (isSops || someValue(object, value => value.startsWith('ENC[AES256_GCM,'))) {
    return 'SOPS encrypts it in git: ciphertext is neither compared with what is live nor applied';
  }
  const path = stringAt(objectAt(objectAt(object, 'metadata'), 'annotations'), 'avp.kubernetes.io/path');
  const placeholder = path === undefined ? /^<path:[^<>]+#[^<>]+>$/ : /^<[^<>]+>$/;
  if (someValue(object, value => placeholder.test(value.trim()))) {
    return 'git holds a placeholder that argocd-vault-plugin fills in: it is neither compared with what is live nor applied';
  }
  return null;
}

function someValue(object: JsonObject, is: (value: string) => boolean): boolean {
  if (object['kind'] !== 'Secret') return false;
  return ['data', 'stringData'].some(map =>
    Object.values(objectAt(object, map)).some(value => typeof value === 'string' && is(value)),
  );
}
