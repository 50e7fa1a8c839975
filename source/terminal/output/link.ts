/**
 * How much may be on its way to the terminal. The kernel's buffer tells little: between it and a terminal over SSH there are
 * those of sshd, TCP and the modem, minutes deep on a slow link. So the terminal itself is asked now and then whether it is
 * there (DSR 5, four bytes; every terminal answers, after all that it was sent before), and what was not answered for is
 * kept so small that it waits in no buffer for long.
 */
export interface Link {
  /** Whether a piece may be written now. */
  readonly isFree: boolean;
  /** How many bytes a piece should have at most. */
  readonly piece: number;
  /** Whether answers are still to come. */
  readonly isAsked: boolean;
  /**
   * Tells of a piece about to be written; gives the question to write behind it, or ''. One that holds another question has
   * one in any case (`asks`): when it is answered, so is the other.
   */
  sent(bytes: number, asks?: boolean): string;
  /** Tells that the terminal answered. */
  answered(): void;
  /** Asks at once, and anew: a terminal that was lent may have lost what it was asked. */
  begin(): string;
  /** When to give up waiting for an answer, as `now` has it; undefined while none is awaited. */
  readonly deadline: number | undefined;
  /** Gives it up: what was not answered for counts as arrived. One that never answered is not asked again. */
  giveUp(): void;
}

const question = '\u001B[5n';
// After so many bytes without a question the next piece has one.
const askAfter = 256;
const firstWindow = 4096;
const smallestWindow = 512;
const largestWindow = 65_536;
const largestPiece = 4096;
// How long bytes may wait in buffers on their way, in ms. LEDBAT (RFC 6817) has 100: this counts whole pieces.
const targetMs = 250;
// How long an answer may take from a terminal that never gave one, and from one that did: it may only stand still.
const firstPatienceMs = 3000;
const patienceMs = 15_000;

/** The link to a terminal; `now` is a clock in ms that never goes back. */
export function openLink(now: () => number): Link {
  let questions: {bytes: number; at: number; onTheirWay: number}[] = [];
  let unasked = 0;
  let size = firstWindow;
  // The shortest that an answer took: the way there and back, with nothing in between.
  let shortest = Number.POSITIVE_INFINITY;
  let isSilent = false;

  const onTheirWay = () => questions.reduce((sum, {bytes}) => sum + bytes, unasked);
  const ask = () => {
    questions.push({bytes: unasked, at: now(), onTheirWay: onTheirWay()});
    unasked = 0;
    return question;
  };
  return {
    get isFree() {
      return isSilent || onTheirWay() < size;
    },
    get piece() {
      return Math.min(largestPiece, size / 4);
    },
    get isAsked() {
      return questions.length > 0;
    },
    sent(bytes, asks = false) {
      if (isSilent) return '';
      unasked += bytes;
      return !asks && unasked < Math.min(askAfter, size / 4) ? '' : ask();
    },
    answered() {
      isSilent = false;
      const first = questions.shift();
      if (first === undefined) return;
      const took = now() - first.at;
      // Alone on its way it tells anew how long that is: a laptop may be elsewhere by now.
      const isAlone = first.onTheirWay === first.bytes && first.bytes < 2 * askAfter;
      shortest = isAlone ? took : Math.min(shortest, took);
      const waited = took - shortest;
      if (waited < targetMs / 2) size = Math.min(largestWindow, size + first.bytes);
      else if (waited > targetMs) {
        // What arrived in this time, at the speed at which it did.
        size = Math.max(smallestWindow, (first.onTheirWay / took) * (shortest + targetMs));
      }
    },
    begin() {
      questions = [];
      unasked = 0;
      isSilent = false;
      return ask();
    },
    get deadline() {
      const [first] = questions;
      if (first === undefined) return undefined;
      return first.at + (Number.isFinite(shortest) ? patienceMs : firstPatienceMs);
    },
    giveUp() {
      questions = [];
      unasked = 0;
      isSilent = !Number.isFinite(shortest);
    },
  };
}
