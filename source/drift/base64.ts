const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Base64 as the server writes it back, or undefined for what it refuses (drift trap 10). Like the server's decoder it
 * skips line ends and wants the padding.
 */
export function canonicalBase64(text: string): string | undefined {
  const joined = text.replace(/[\r\n]/g, '');
  if (!whole.test(joined)) return undefined;
  // Bits that the padding cuts off may be set; only the last group can have them.
  return joined.endsWith('=') ? joined.slice(0, -4) + btoa(atob(joined.slice(-4))) : joined;
}

/** Base64 of a text's UTF-8 bytes. */
export function encodeBase64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
