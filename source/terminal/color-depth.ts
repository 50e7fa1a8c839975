import type {ColorDepth} from '../app/text/color.ts';

type Variables = Readonly<Record<string, string | undefined>>;

// Terminals that name themselves, and have had all colours for years.
const trueColorTerms =
  /-direct\b|^(?:xterm-)?(?:kitty|ghostty)|^(?:alacritty|foot|wezterm|contour|rio)\b|^iterm/;
const trueColorPrograms = new Set([
  'iTerm.app',
  'WezTerm',
  'ghostty',
  'vscode',
  'Hyper',
  'rio',
  'WarpTerminal',
]);

/**
 * How many colours a terminal has, by what the environment says of it: `--no-color`, FORCE_COLOR (as Node and chalk read
 * it), NO_COLOR (https://no-color.org), TERM and COLORTERM (termstandard/colors on GitHub). FORCE_COLOR goes before NO_COLOR, since a
 * user sets it for one program. `CI` says nothing of a terminal that somebody sits at: TERM does.
 */
export function colorDepthOf(env: Variables, wanted: boolean): ColorDepth {
  if (!wanted) return 'none';
  const forced = env['FORCE_COLOR'];
  if (forced === undefined) return env['NO_COLOR'] ? 'none' : byTerminal(env);
  if (forced === '0' || forced === 'false') return 'none';
  if (forced === '2') return '256';
  if (forced === '3') return 'true';
  const told = byTerminal(env);
  return told === 'none' ? '16' : told;
}

function byTerminal(env: Variables): ColorDepth {
  const term = (env['TERM'] ?? '').toLowerCase();
  if (term === 'dumb' || term === '') return 'none';
  // The console of Linux, and terminals of hardware, have no more whatever the rest says.
  if (/^(?:linux|ansi|cygwin|cons25|vt\d+)\b/.test(term)) return '16';
  const has256 = /-256(?:color)?\b/.test(term);
  // GNU screen before 5 reads the numbers of a true colour as attributes, and hands COLORTERM of the terminal around it on.
  if (env['STY'] && !env['TMUX']) return has256 ? '256' : '16';
  const colors = (env['COLORTERM'] ?? '').toLowerCase();
  if (colors === 'truecolor' || colors === '24bit') return 'true';
  if (trueColorTerms.test(term) || env['WT_SESSION'] || trueColorPrograms.has(env['TERM_PROGRAM'] ?? ''))
    return 'true';
  return has256 ? '256' : '16';
}
