/** A link between a program and its terminal, as far as bytes matter: how fast it is, and how far. */
export interface SlowLink {
  bytesPerSecond: number;
  /** Each way. */
  delayMs: number;
}

// As large as what arrives at once may be.
const packet = 256;

/**
 * One way over a link: what is sent arrives in order, at the link's speed and after its delay. Like sshd and the kernel it
 * takes all that it is given, and keeps what the link can't carry yet.
 */
export function slowWay({bytesPerSecond, delayMs}: SlowLink, arrive: (text: string) => void) {
  let freeAt = 0;
  let waiting = 0;
  let most = 0;
  return {
    send(text: string): void {
      for (let start = 0; start < text.length; start += packet) {
        const part = text.slice(start, start + packet);
        const bytes = Buffer.byteLength(part);
        waiting += bytes;
        most = Math.max(most, waiting);
        const now = performance.now();
        freeAt = Math.max(freeAt, now) + (bytes / bytesPerSecond) * 1000;
        setTimeout(
          () => {
            waiting -= bytes;
            arrive(part);
          },
          freeAt + delayMs - now,
        );
      }
    },
    /** Bytes that were sent and have not arrived. */
    get waiting(): number {
      return waiting;
    },
    /** The most that ever were, since `forget`. */
    get most(): number {
      return most;
    },
    forget(): void {
      most = waiting;
    },
  };
}
