import {writeFileSync} from 'node:fs';
import {request} from 'node:http';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {makeCertificate} from '../../source/demo/api-server/certificate.ts';
import {temporaryFolder} from '../repository/git-folder.ts';

/** A server that passes everything on to another one; the program sends tokens over https alone. */
export interface HttpsFront {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** The file with the certificate that vouches for it. */
  readonly authority: string;
}

/** Lays https in front of an http server at `url`, until the test ends. */
export async function httpsFront(t: TestContext, url: string): Promise<HttpsFront> {
  const {key, certificate} = makeCertificate(new Date());
  const authority = path.join(temporaryFolder(t), 'authority.pem');
  writeFileSync(authority, certificate);
  const server = createServer({key, cert: certificate}, (incoming, outgoing) => {
    const {method, headers} = incoming;
    const passed = request(new URL(incoming.url ?? '/', url), {method, headers}, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const {port} = server.address() as AddressInfo;
  return {host: `127.0.0.1:${port}`, authority};
}
