import {createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign} from 'node:crypto';

/** A key and the certificate that vouches for it, in PEM. The certificate is its own authority. */
export interface Certificate {
  key: string;
  certificate: string;
}

/**
 * Makes a self-signed certificate of an EC P-256 key for 127.0.0.1, ::1 and localhost, good for a week. It is
 * written by hand, as DER (RFC 5280), because Node can sign but not make certificates and the demo starts in a moment.
 */
export function makeCertificate(now: Date): Certificate {
  const {privateKey, publicKey} = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: {type: 'spki', format: 'der'},
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
  });
  const name = sequence(set(sequence(oid(2, 5, 4, 3), utf8('gitops-tui-demo'))));
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const keyId = createHash('sha1').update(publicKey).digest();
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(utcTime(new Date(now.getTime() - 3_600_000)), utcTime(new Date(now.getTime() + 7 * 86_400_000))),
    name,
    publicKey,
    explicit(
      3,
      sequence(
        extension(oid(2, 5, 29, 14), false, tlv(0x04, keyId)),
        extension(oid(2, 5, 29, 19), true, sequence(tlv(0x01, Buffer.from([0xff])))),
        // digitalSignature and keyCertSign
        extension(oid(2, 5, 29, 15), true, tlv(0x03, Buffer.from([0x02, 0x84]))),
        extension(oid(2, 5, 29, 37), false, sequence(oid(1, 3, 6, 1, 5, 5, 7, 3, 1))),
        extension(
          oid(2, 5, 29, 17),
          false,
          sequence(
            tlv(0x82, Buffer.from('localhost')),
            tlv(0x87, Buffer.from([127, 0, 0, 1])),
            tlv(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
          ),
        ),
      ),
    ),
  );
  const signature = sign('sha256', toBeSigned, createPrivateKey(privateKey));
  const der = sequence(toBeSigned, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function tlv(tag: number, content: Buffer): Buffer {
  const {length} = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]): Buffer => tlv(0x31, Buffer.concat(parts));
const explicit = (index: number, content: Buffer): Buffer => tlv(0xa0 + index, content);
const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);
const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text));

function extension(id: Buffer, critical: boolean, value: Buffer): Buffer {
  return sequence(id, ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));
}

function oid(first: number, second: number, ...rest: number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const group = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) group.unshift((left & 0x7f) | 0x80);
    bytes.push(...group);
  }
  return tlv(0x06, Buffer.from(bytes));
}

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '');
  return tlv(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}
