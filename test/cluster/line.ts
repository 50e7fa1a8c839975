import {createServer, connect as dial, type Socket} from 'node:net';
import type {TestContext} from 'node:test';

/** The line between a client and an API server, in a test's hands. Bytes pass as they are: TLS is the two ends' own. */
export interface Line {
  /** The server's address by this line. */
  url: string;
  /** How many connections are open. */
  readonly open: number;
  /** Breaks every connection that is open. */
  cut(): void;
  /** From now on nothing passes by the connections that are open, and nobody is told: as after a sleep. */
  mute(): void;
  /** Pulls the cable: every connection breaks, and none can be made, until it is plugged in again. */
  pull(): void;
  plug(): void;
}

/** Lays a line to a server at 127.0.0.1; it ends with the test. */
export async function layLine(t: TestContext, serverUrl: string): Promise<Line> {
  const {port} = new URL(serverUrl);
  const pairs = new Set<[Socket, Socket]>();
  let isPulled = false;
  const server = createServer(near => {
    if (isPulled) {
      near.destroy();
      return;
    }
    const far = dial(Number(port), '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      // A broken end is what this is for.
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  t.after(() => {
    cut();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `https://127.0.0.1:${address.port}`,
    get open() {
      return pairs.size;
    },
    cut,
    pull() {
      isPulled = true;
      cut();
    },
    plug() {
      isPulled = false;
    },
    mute() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        for (const socket of [near, far]) socket.resume();
      }
    },
  };
}
