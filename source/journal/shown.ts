import {plainLine} from '../text/plain.ts';

const taken = '***';

/** Names of options and of parameters whose values are nobody's to read. */
const secretName =
  /token|secret|passw|credential|api-?key|private-?key|authorization|signature|^sig$|^x-amz-|^x-goog-/i;

/**
 * A URL as it may be read: no user information, and no value of a parameter that is secret by its name. One that leads to
 * another origin than `home` is a place that somebody signed for us: it loses its whole query.
 */
export function shownUrl(url: URL, home: URL = url): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  if (shown.origin !== home.origin) shown.search = shown.search === '' ? '' : `?${taken}`;
  else
    for (const name of [...shown.searchParams.keys()])
      if (secretName.test(name)) shown.searchParams.set(name, taken);
  return plainLine(shown.href);
}

/** Arguments as they may be read: no passwords in addresses, none behind an option that is named for one. */
export function shownArguments(args: readonly string[]): readonly string[] {
  return args.map((text, index) => {
    const before = args[index - 1] ?? '';
    if (/^--?[\w-]+$/.test(before) && secretName.test(before) && !text.startsWith('-')) return taken;
    const [, option, value] = /^(--?[\w-]+=)(.*)$/s.exec(text) ?? [];
    if (option !== undefined && value !== undefined && secretName.test(option)) return option + taken;
    return plainLine(text).replaceAll(/(\w+:\/\/)[^/@\s]+@/g, `$1${taken}@`);
  });
}
