/** A marker comment of Flux: the scalar before it on its line is a policy's to set. */
export interface ImageMarker {
  /** From 1. */
  line: number;
  /** `namespace:name` of the policy. */
  policy: string;
  /** What of the image it sets. */
  sets: 'image' | 'name' | 'tag' | 'digest';
  /** The scalar as it stands there, quotes taken off. */
  value: string;
  /** Where the scalar begins and ends in its line, quotes left out. */
  start: number;
  end: number;
}

// The key (or a list's dash), the scalar, the comment. Kept simple: what is written otherwise is not ours to edit.
const key = '(?:[\\w./-]+|"[\\w./-]+"|\'[\\w./-]+\')\\s*:\\s+';
const scalar = '"[^"\\\\]*"|\'[^\']*\'|[^\\s"\'#&*!|>%@`[{:](?:[^#:]|:(?=\\S))*?';
const marked = new RegExp(`^(\\s*(?:(?:-\\s+)*${key}|(?:-\\s+)+))(${scalar})\\s+#\\s*(\\{.*\\})\\s*$`);

const longestLine = 2000;

/**
 * The markers of a file (https://fluxcd.io/flux/guides/image-update/#configure-image-update-for-custom-resources):
 * `image: app:1.0 # {"$imagepolicy": "flux-system:app"}`, with `:name`, `:tag` or `:digest` for a part of it. Flow style
 * and text blocks have none that a line tells.
 */
export function imageMarkers(text: string): ImageMarker[] {
  const markers: ImageMarker[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    if (!raw.includes('$imagepolicy') || raw.length > longestLine) continue;
    const match = marked.exec(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    const policy = match && policyIn(match[3] ?? '');
    if (!match || !policy) continue;
    const [, before = '', written = ''] = match;
    const quoted = /^["']/.test(written) ? 1 : 0;
    const start = before.length + quoted;
    const value = written.slice(quoted, written.length - quoted);
    markers.push({line: index + 1, ...policy, value, start, end: start + value.length});
  }
  return markers;
}

function policyIn(comment: string): Pick<ImageMarker, 'policy' | 'sets'> | null {
  let marker: unknown;
  try {
    marker = JSON.parse(comment);
  } catch {
    return null;
  }
  const text =
    typeof marker === 'object' && marker !== null && '$imagepolicy' in marker
      ? marker.$imagepolicy
      : undefined;
  const [namespace, name, sets = 'image', ...more] = typeof text === 'string' ? text.split(':') : [];
  if (!namespace || !name || more.length > 0) return null;
  if (sets !== 'image' && sets !== 'name' && sets !== 'tag' && sets !== 'digest') return null;
  return {policy: `${namespace}:${name}`, sets};
}
