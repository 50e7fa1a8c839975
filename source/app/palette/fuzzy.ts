/** How well a pattern fits a text: the higher the better, and which of the text's characters it is made of. */
export interface FuzzyMatch {
  readonly score: number;
  /** Indices of characters (code points) of the text, ascending. */
  readonly at: readonly number[];
}

// As in fzf (algo.go): a match costs nothing by itself, gaps do, and where a word begins is what people type.
const hit = 16;
const wordStart = 8;
const textStart = 14;
const inRow = 12;
const gapOpens = -3;
const gapGoesOn = -1;

/**
 * Finds the characters of a pattern in a text, in order and in any case, and chooses those that look most like what was
 * meant: at the starts of words, in a row, early. Null where the text doesn't have them all. An empty pattern fits
 * anything. Spaces of the pattern are not looked for.
 */
export function fuzzyMatch(pattern: string, text: string): FuzzyMatch | null {
  const wanted = lettersOf(pattern).filter(letter => letter.trim() !== '');
  const letters = lettersOf(text);
  if (wanted.length === 0) return {score: 0, at: []};
  // Most texts fit not at all: that is found out in one pass.
  let found = 0;
  for (const letter of letters) if (letter === wanted[found]) found += 1;
  if (found < wanted.length) return null;
  // scores[j]: the best score of the pattern so far whose last character is the text's j-th; from[i][j]: where the one
  // before it was then.
  let scores: number[] = [];
  const from: number[][] = [];
  for (const [i, letter] of wanted.entries()) {
    const row: number[] = new Array(letters.length).fill(Number.NEGATIVE_INFINITY);
    const before: number[] = new Array(letters.length).fill(-1);
    // The best score of what came before, with a gap up to here, and where that was.
    let apart = Number.NEGATIVE_INFINITY;
    let apartAt = -1;
    for (let j = i; j < letters.length; j += 1) {
      const far = scores[j - 2] ?? Number.NEGATIVE_INFINITY;
      if (far + gapOpens > apart + gapGoesOn) [apart, apartAt] = [far + gapOpens, j - 2];
      else apart += gapGoesOn;
      if (letters[j] !== letter) continue;
      const own = hit + bonusAt(letters, j);
      const next = (scores[j - 1] ?? Number.NEGATIVE_INFINITY) + inRow;
      if (i === 0) row[j] = own + Math.max(-6, gapGoesOn * j);
      else if (next >= apart) [row[j], before[j]] = [own + next, j - 1];
      else [row[j], before[j]] = [own + apart, apartAt];
    }
    scores = row;
    from.push(before);
  }
  let end = -1;
  for (const [j, score] of scores.entries()) if (score > (scores[end] ?? Number.NEGATIVE_INFINITY)) end = j;
  if (end < 0) return null;
  const at: number[] = [];
  for (let i = wanted.length - 1, j = end; i >= 0; i -= 1) {
    at.unshift(j);
    j = from[i]?.[j] ?? -1;
  }
  // Of two texts that fit alike, the shorter one is more of what was typed.
  return {score: (scores[end] ?? 0) - (letters.length - wanted.length) / 100, at};
}

/** Characters in one case: one of a character's own, so that places in the text stay what they are. */
function lettersOf(text: string): string[] {
  return Array.from(text, character => {
    const lower = character.toLowerCase();
    return [...lower].length === 1 ? lower : character;
  });
}

function bonusAt(letters: readonly string[], index: number): number {
  if (index === 0) return textStart;
  return /[\p{L}\p{N}]/u.test(letters[index - 1] ?? '') ? 0 : wordStart;
}
