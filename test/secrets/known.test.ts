import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {KnownSecrets} from '../../source/secrets/known.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const password = 'Tr0ub4dor&3/x+y';

function knowing(...values: string[]): KnownSecrets {
  const known = new KnownSecrets();
  known.keep('staging', [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      data: Object.fromEntries(values.map((value, index) => [`key${index}`, base64(value)])),
    },
  ]);
  return known;
}

describe('a message loses the secret values that it quotes', () => {
  const known = knowing(password);
  for (const [how, said] of [
    ['as they are', password],
    ['in base64', base64(password)],
    ['in base64 behind a user name', base64(`ada:${password}`)],
    ['in base64 behind a longer one', base64(`anna:${password}`)],
    ['in base64 behind another', base64(`bo:${password}`)],
    ['in base64 for URLs', Buffer.from(password).toString('base64url')],
    ['URL-encoded', encodeURIComponent(password)],
    ['in hex', Buffer.from(password).toString('hex')],
    ['in HEX', Buffer.from(password).toString('hex').toUpperCase()],
    ['as Go writes JSON', password.replace('&', '\\u0026')],
    ['broken off', `${password.slice(0, 9)}…`],
    ['broken off at the end', password.slice(0, 8)],
    ['broken off in a quotation', `"${password.slice(0, 10)}..."`],
  ] as const) {
    test(how, () => {
      const redacted = known.redact(`Invalid value: ${said}`);
      assert.match(redacted, /^Invalid value: .*\*\*\*/);
      for (let at = 0; at + 5 <= said.length; at++) {
        const piece = said.slice(at, at + 5);
        // What base64 makes of the neighbour's bits, and of the user's name, is not the password's.
        if (how.includes('behind') && (at < 8 || at + 5 > said.length - 4)) continue;
        assert.ok(!redacted.includes(piece), `${piece} of ${said} is in ${redacted}`);
      }
    });
  }
});

test('base64 goes to its last character, whose bits are of the value too', () => {
  for (const value of [password, `${password}1`, `${password}12`]) {
    const known = new KnownSecrets();
    known.keep('staging', [{apiVersion: 'v1', kind: 'Secret', stringData: {value}}]);
    for (const encoding of ['base64', 'base64url'] as const)
      assert.equal(
        known.redact(`it was ${Buffer.from(value).toString(encoding)} before`),
        'it was *** before',
      );
  }
});

test('what is in a value is found, too', () => {
  const known = knowing(
    `postgres://shop:${password}@db:5432/shop`,
    `USER=ada\nTOKEN="tok-123456789"\nplain: 'quoted-value-1'\n`,
    JSON.stringify({auths: {'registry.example': {auth: base64('ada:pull-me-9'), password: 'pull-me-9'}}}),
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----\n',
  );
  for (const said of [
    password,
    'tok-123456789',
    'quoted-value-1',
    'pull-me-9',
    base64('ada:pull-me-9'),
    'MIIEvQIBADANBgkqhkiG9w0',
  ]) {
    assert.equal(known.redact(`it says ${said}!`), 'it says ***!');
  }
});

test('a value with quotes and line ends is found as JSON writes it, once and twice', () => {
  const value = 'first "line"\nsecond line';
  const known = knowing(value);
  const once = JSON.stringify(value);
  assert.equal(known.redact(`got ${once}`), 'got "***"');
  assert.doesNotMatch(known.redact(`got ${JSON.stringify(once)}`), /line/);
});

test('other words stay as they are', () => {
  const known = knowing(
    'https://example.com/a',
    'shop',
    '5432',
    'production',
    'server',
    'true',
    '-----BEGIN X-----',
  );
  known.nameOpenly('production');
  for (const said of [
    'Get "https://registry.example/v2": dial tcp: no such host',
    'shop listens on 5432',
    'namespace production is true',
    'server-side is no word of its own in observers',
    '-----BEGIN X-----',
  ]) {
    assert.equal(known.redact(said).replace('***-side', 'server-side'), said);
  }
  assert.equal(known.redact('serverless'), 'serverless', 'a short value counts as a word of its own');
});

test('a file loses what looks like nothing but a secret, and keeps plain words', () => {
  const known = knowing(password, 'postgres');
  assert.equal(known.redactContent(`image: postgres:16 # ${password}`), 'image: postgres:16 # ***');
});

test('what an environment no longer holds is forgotten, a token is not', () => {
  const known = knowing(password);
  known.add('ghp_abcdefghijklmnop');
  known.keep('staging', []);
  assert.equal(known.redact(`${password} ghp_abcdefghijklmnop`), `${password} ***`);
});

test('stringData, what is no text, and what is no string do no harm', () => {
  const known = new KnownSecrets();
  known.keep('staging', [
    {kind: 'Secret', stringData: {a: 'string-data-1', b: 12345678n, c: null}, data: {d: '/////w==', e: {}}},
  ]);
  assert.equal(known.redact('string-data-1 12345678 /////w== null'), '*** *** *** null');
});

test('what would go into git is no value of a Secret, though it be plain words', () => {
  const known = knowing('tried-something-else', password);
  assert.equal(known.redactForGit('tried-something-else'), '***');
  assert.equal(
    known.redactForGit(`postgres://ada:${password}@db`),
    known.redactContent(`postgres://ada:${password}@db`),
  );
  assert.equal(
    known.redactForGit('web, where tried-something-else is a word'),
    'web, where tried-something-else is a word',
  );
});
