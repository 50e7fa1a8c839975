import {generateKeyPairSync, type KeyObject, randomBytes, sign} from 'node:crypto';
import {isIP} from 'node:net';

/** A certificate and its key, in PEM. */
export interface Pair {
  certificate: string;
  key: string;
}

/**
 * An authority of a test's own, which issues certificates for servers and clients. Written as DER (RFC 5280), because Node
 * can sign but not make certificates.
 */
export class Authority {
  readonly certificate: string;
  readonly #name: Buffer;
  readonly #key: KeyObject;

  constructor(name = 'test authority') {
    this.#name = distinguishedName([[commonName, name]]);
    const {publicKey, privateKey} = newKeys();
    this.#key = privateKey;
    const isAuthority = extension([85, 29, 19], sequence(tlv(0x01, Buffer.from([0xff]))));
    this.certificate = this.#sign(this.#name, publicKey, [isAuthority]);
  }

  /** A certificate for a server of these DNS names and IPv4 addresses. */
  server(names: readonly string[]): Pair {
    const alternatives = names.map(name =>
      isIP(name) === 4 ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name)),
    );
    return this.#issue([[commonName, 'server']], [extension([85, 29, 17], sequence(...alternatives))]);
  }

  /** A certificate for a user, as Kubernetes reads it: the common name is the user's, the organisation a group. */
  client(name: string): Pair {
    return this.#issue(
      [
        [organisation, 'testers'],
        [commonName, name],
      ],
      [],
    );
  }

  #issue(subject: readonly (readonly [number[], string])[], extensions: Buffer[]): Pair {
    const {publicKey, privateKey} = newKeys();
    return {
      certificate: this.#sign(distinguishedName(subject), publicKey, extensions),
      key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
    };
  }

  #sign(subject: Buffer, publicKey: KeyObject, extensions: Buffer[]): string {
    const hour = 3_600_000;
    const body = sequence(
      tlv(0xa0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ecdsaWithSha256,
      this.#name,
      sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + 24 * hour))),
      subject,
      publicKey.export({type: 'spki', format: 'der'}),
      ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
    );
    const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, this.#key)]);
    const der = sequence(body, ecdsaWithSha256, tlv(0x03, signature));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

function newKeys(): {publicKey: KeyObject; privateKey: KeyObject} {
  return generateKeyPairSync('ec', {namedCurve: 'P-256'});
}

const commonName = [85, 4, 3];
const organisation = [85, 4, 10];
const ecdsaWithSha256 = sequence(oid([42, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));

function distinguishedName(parts: readonly (readonly [number[], string])[]): Buffer {
  return sequence(
    ...parts.map(([type, value]) => tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(value))))),
  );
}

function extension(id: number[], value: Buffer): Buffer {
  return sequence(oid(id), tlv(0x01, Buffer.from([0xff])), tlv(0x04, value));
}

function tlv(tag: number, content: Buffer): Buffer {
  const {length} = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function oid(bytes: number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes));
}

function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes);
}

function time(date: Date): Buffer {
  return tlv(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  );
}
