import {plain} from '../text/plain.ts';

/**
 * A line of a log as a terminal would leave it: what a progress bar writes over (CR) is gone, and so are escapes and
 * control characters. What was cut off is said.
 */
export function logText(text: string, cut: number): string {
  const shown = plain(text.includes('\r') ? overwritten(text) : text).replaceAll('\n', ' ');
  return cut > 0 ? `${shown}… (${cut} bytes more)` : shown;
}

function overwritten(text: string): string {
  const parts = text.split('\r').filter(part => part.trim() !== '');
  return parts.at(-1) ?? '';
}
