import {createServer} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import type {TestContext} from 'node:test';

export interface ProxyServer {
  port: number;
  tunnels: {target: string; authorization: string | undefined}[];
}

/** An HTTP proxy that tunnels (CONNECT), or refuses to. It ends with the test. */
export async function startProxy(
  t: TestContext,
  options: {refuse?: boolean /** Where every tunnel leads. */; host?: string} = {},
): Promise<ProxyServer> {
  const tunnels: ProxyServer['tunnels'] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', socket => sockets.add(socket));
  server.on('connect', (request, socket: Socket) => {
    if (options.refuse === true) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const target = request.url ?? '';
    tunnels.push({target, authorization: request.headers['proxy-authorization']});
    const [host = '', port = ''] = target.split(':');
    const onward = connect(Number(port), options.host ?? host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {port: (server.address() as AddressInfo).port, tunnels};
}
