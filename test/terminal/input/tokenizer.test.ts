import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {InputEvent} from '../../../source/terminal/input/events.ts';
import {pasteLimit, Tokenizer} from '../../../source/terminal/input/tokenizer.ts';

const esc = '\u001B';

/** What comes of chunks; `wait` between two lets the time be up. */
function eventsOf(...chunks: (string | Uint8Array | {wait: true})[]): InputEvent[] {
  const tokenizer = new Tokenizer();
  return chunks.flatMap(chunk => {
    if (typeof chunk === 'string') return tokenizer.feed(Buffer.from(chunk));
    return chunk instanceof Uint8Array ? tokenizer.feed(chunk) : tokenizer.timeUp();
  });
}

/** The keys among events; anything else by its type. */
function keysOf(...chunks: (string | Uint8Array | {wait: true})[]): string[] {
  return eventsOf(...chunks).map(event => (event.type === 'key' ? event.key : `<${event.type}>`));
}

const wait = {wait: true} as const;

describe('keys', () => {
  for (const [words, input, expected] of [
    ['a held key in one chunk', 'jjj', ['j', 'j', 'j']],
    ['keys with an enter', 'jj\r', ['j', 'j', 'enter']],
    ['a line feed is enter, too', '\n', ['enter']],
    ['control', '\u0003\u0004\u001A\u0000', ['ctrl-c', 'ctrl-d', 'ctrl-z', 'ctrl-space']],
    ['tab, space, both backspaces', '\t \u007F\b', ['tab', 'space', 'backspace', 'backspace']],
    ['wide and combined characters', '再é👍e\u0301', ['再', 'é', '👍', 'e', '\u0301']],
    ['C1 control characters are none', '\u009B1A\u0085a', ['1', 'A', 'a']],
    ['arrows', `${esc}[A${esc}[B${esc}[C${esc}[D`, ['up', 'down', 'right', 'left']],
    ['arrows of the application mode', `${esc}OA${esc}OB${esc}OC${esc}OD`, ['up', 'down', 'right', 'left']],
    [
      'home and end, all three ways',
      `${esc}[H${esc}OF${esc}[1~${esc}[4~${esc}[7~${esc}[8~`,
      ['home', 'end', 'home', 'end', 'home', 'end'],
    ],
    ['pages, insert, delete', `${esc}[5~${esc}[6~${esc}[2~${esc}[3~`, ['pgup', 'pgdn', 'insert', 'delete']],
    ['function keys', `${esc}OP${esc}[15~${esc}[24~${esc}[[A`, ['f1', 'f5', 'f12', 'f1']],
    [
      'arrows with modifiers',
      `${esc}[1;5A${esc}[1;2B${esc}O5C${esc}[1;6D`,
      ['ctrl-up', 'shift-down', 'ctrl-right', 'ctrl-shift-left'],
    ],
    [
      'the modifiers of rxvt',
      `${esc}Oa${esc}[b${esc}[5$j${esc}[6^`,
      ['ctrl-up', 'shift-down', 'shift-pgup', 'j', 'ctrl-pgdn'],
    ],
    ['shift and tab', `${esc}[Z`, ['shift-tab']],
    ['alt is not bound', `${esc}s${esc}\r${esc}é${esc}[1;3A${esc}[115;3uj`, ['j']],
    ['alt with an arrow as old terminals have it', `${esc}${esc}[Aj`, ['j']],
    ['ctrl-c is heard after an esc', `${esc}\u0003`, ['ctrl-c']],
    ['the keypad', `${esc}Op${esc}OM${esc}Ok`, ['0', 'enter', '+']],
  ] as const)
    test(words, () => assert.deepEqual(keysOf(input), expected));

  for (const [words, input, expected] of [
    ['esc', '[27u', ['esc']],
    ['ctrl-c', '[99;5u', ['ctrl-c']],
    ['ctrl-c of another alphabet, by its place', '[1089::99;5u', ['ctrl-c']],
    ['ctrl-[ is esc', '[91;5u', ['esc']],
    ['locks change nothing', '[99;197u', ['ctrl-c']],
    ['a shifted letter', '[97:65;2u', ['A']],
    ['a shifted letter without its alternate', '[97;2u', ['A']],
    ['enter with shift is another key', '[13;2u', ['shift-enter']],
    ['space with shift is none', '[32;2u', ['space']],
    ['tab with shift', '[9;2u', ['shift-tab']],
    ['a key that is let go is no press', '[97;1:3u', []],
    ['a key that is held', '[97;1:2u', ['a']],
    ['super is not bound', '[115;9u', []],
    ['the keypad', '[57414u', ['enter']],
    ['keys of which there is no name', '[57358u', []],
    ["xterm's other keys", '[27;5;99~', ['ctrl-c']],
  ] as const)
    test(`kitty keyboard: ${words}`, () => assert.deepEqual(keysOf(esc + input), expected));

  test('bytes that are no UTF-8 are no keys', () =>
    assert.deepEqual(keysOf(Uint8Array.of(0xff, 0xc3, 0x6a, 0x80, 0xe5, 0x86, 0x71, 0xc0, 0xaf, 0x6b)), [
      'j',
      'q',
      'k',
    ]));
});

describe('esc', () => {
  test('is a key once its time is up', () => {
    assert.deepEqual(keysOf(esc), []);
    assert.deepEqual(keysOf(esc, wait), ['esc']);
    assert.deepEqual(keysOf(esc, wait, 'j'), ['esc', 'j']);
    assert.deepEqual(keysOf(esc, wait, esc, wait), ['esc', 'esc']);
    assert.deepEqual(keysOf(`${esc}${esc}`, wait), ['esc', 'esc']);
  });

  for (const late of [
    '[A',
    'OA',
    '[1;5C',
    '[<0;5;5M',
    '[<0;5;5m',
    '[200u',
    'OM',
    '[[A',
    '[15~',
    '[13u',
    '[M !!',
  ])
    test(`${late} that comes late is no key`, () => {
      assert.deepEqual(keysOf(esc, wait, late), ['esc']);
      assert.deepEqual(keysOf(esc, wait, ...late), ['esc']);
      assert.deepEqual(keysOf(esc, wait, late, 'j'), ['esc', 'j']);
    });

  test('a paste whose mark comes late is a paste', () =>
    assert.deepEqual(eventsOf(esc, wait, '[200~sync\r', esc, wait, '[201~'), [
      {type: 'key', key: 'esc'},
      {type: 'paste', text: 'sync\n', cut: false},
    ]));

  test('a colour whose answer comes late is no key', () =>
    assert.deepEqual(keysOf(esc, wait, ']11;rgb:ffff/ffff/ffff', esc, wait, '\\', 'j'), [
      'esc',
      '<reply>',
      'j',
    ]));

  test('keys that begin no sequence follow it', () => {
    for (const key of ['P', '_', 'q', 's', '\r'])
      assert.deepEqual(keysOf(esc, wait, key), ['esc', key === '\r' ? 'enter' : key]);
    assert.deepEqual(keysOf(esc, wait, '[j'), ['esc', 'j']);
    assert.deepEqual(keysOf(esc, wait, 'Og'), ['esc', 'g']);
    assert.deepEqual(keysOf(esc, wait, ']q'), ['esc', 'q']);
  });

  test('is a key where another one follows it in a piece of its own', () => {
    for (const key of ['j', 'P', 'q', 's', 'é']) assert.deepEqual(keysOf(esc, key), ['esc', key]);
    assert.deepEqual(keysOf(esc, '\r'), ['esc', 'enter']);
    assert.deepEqual(keysOf(esc, esc, wait), ['esc', 'esc']);
    assert.deepEqual(keysOf(esc, `${esc}[A`), ['esc', 'up']);
    // In one piece it is alt and the key.
    assert.deepEqual(keysOf(`${esc}s`), []);
  });

  test('is never decided by time where the terminal tells it apart', () => {
    const tokenizer = new Tokenizer();
    tokenizer.unambiguous = true;
    tokenizer.feed(Buffer.from(esc));
    assert.equal(tokenizer.waits, null);
    assert.deepEqual(tokenizer.feed(Buffer.from('[A')), [{type: 'key', key: 'up'}]);
  });

  test('only a lone ESC waits for time', () => {
    const tokenizer = new Tokenizer();
    for (const [bytes, waits] of [
      ['j', null],
      [esc, 'escape'],
      ['[', null],
      ['1;5', null],
      ['A', null],
      [`${esc}O`, null],
      ['A', null],
      [`${esc}]11;`, null],
    ] as const) {
      tokenizer.feed(Buffer.from(bytes));
      assert.equal(tokenizer.waits, waits, JSON.stringify(bytes));
    }
  });
});

describe('pastes', () => {
  test('are one event, whatever is in them, wherever they are split', () => {
    const text = 'sync\tjjs q\nprod é再';
    const bytes = Buffer.from(`${esc}[200~${text}\u0003\u0000${esc}[A${esc}[201~k`);
    for (let at = 0; at <= bytes.length; at += 1)
      assert.deepEqual(eventsOf(bytes.subarray(0, at), bytes.subarray(at)), [
        {type: 'paste', text: `${text}[A`, cut: false},
        {type: 'key', key: 'k'},
      ]);
    assert.deepEqual(eventsOf(...[...bytes].map(byte => Uint8Array.of(byte))).length, 2);
  });

  test('keep no more than is of use', () => {
    const [paste, key] = eventsOf(`${esc}[200~${'x'.repeat(pasteLimit + 5)}`, `${esc}[201~j`);
    assert.ok(paste?.type === 'paste' && paste.cut && paste.text.length === pasteLimit);
    assert.deepEqual(key, {type: 'key', key: 'j'});
  });

  test('that stand still go on, and run no keys', () =>
    assert.deepEqual(eventsOf(`${esc}[200~sy`, wait, wait, `nc\r${esc}`, wait, '[201', wait, '~'), [
      {type: 'paste', text: 'sync\n', cut: false},
    ]));

  test('whose end is lost are left by a ctrl-c that stands alone', () => {
    assert.deepEqual(keysOf(`${esc}[200~sync`, wait, '\u0003', wait, 'j'), ['j']);
    assert.deepEqual(keysOf(`${esc}[200~sync`, wait, '\u0003\u0003', wait, 'j'), ['j']);
    assert.deepEqual(keysOf(`${esc}[200~sync`, wait, esc, '[99;5u', wait, 'j'), ['j']);
    // One that is pasted is none.
    for (const pasted of [
      ['\u0003', wait],
      [wait, '\u0003'],
      [wait, '\u0003j', wait],
      [wait, 'x\u0003', wait],
    ])
      assert.deepEqual(keysOf(`${esc}[200~sync`, ...pasted, 'j', `${esc}[201~`), ['<paste>']);
  });

  test('an end without a begin is nothing', () => assert.deepEqual(keysOf(`${esc}[201~j`), ['j']));
});

describe('answers of the terminal', () => {
  for (const [words, input, reply] of [
    ['its background', ']11;rgb:1e1e/2020/ffff\u0007', {of: 'background', color: {r: 30, g: 32, b: 255}}],
    ['with another end', `]11;rgb:f/80/fff${esc}\\`, {of: 'background', color: {r: 255, g: 128, b: 255}}],
    [
      'with transparency',
      `]11;rgba:0000/0000/0000/8080${esc}\\`,
      {of: 'background', color: {r: 0, g: 0, b: 0}},
    ],
    ['as a number', ']11;#ff8000\u0007', {of: 'background', color: {r: 255, g: 128, b: 0}}],
    ['its foreground', ']10;rgb:0000/0000/0000\u0007', {of: 'foreground', color: {r: 0, g: 0, b: 0}}],
    ['its attributes', '[?62;22c', {of: 'attributes'}],
    ['that it is there', '[0n', {of: 'ready'}],
    ['its keyboard', '[?5u', {of: 'keyboard', flags: 5}],
    ['a mode', '[?2026;2$y', {of: 'mode', mode: 2026, setting: 2}],
  ] as const)
    test(words, () =>
      assert.deepEqual(eventsOf(`${esc}${input}j`), [
        {type: 'reply', reply},
        {type: 'key', key: 'j'},
      ]),
    );

  for (const other of [
    '[>41;370;0c',
    '[12;40R',
    '[?997;1n',
    '[3n',
    '[8;24;80t',
    'P>|XTerm(370)\u001B\\',
    'P1$r0m\u001B\\',
    'P!|00000000\u001B\\',
    '_Gi=1;OK\u001B\\',
    ']11;?\u0007',
    ']4;1;rgb:0/0/0\u0007',
    ']52;c;c3luYw==\u0007',
    '[<35;10;10M',
    '[<0;10;10m',
    '[<2;10;10M',
    '[M !!',
  ])
    test(`${JSON.stringify(other)} is nothing`, () => assert.deepEqual(keysOf(`${esc}${other}j`), ['j']));

  test('a broken one ends at the next control character', () => {
    assert.deepEqual(keysOf(`${esc}]11;rgb:ff\u0003`), ['ctrl-c']);
    assert.deepEqual(keysOf(`${esc}]11;rgb:ff${esc}[A`), ['up']);
    assert.deepEqual(keysOf(`${esc}[1;5\u0003`), ['ctrl-c']);
    assert.deepEqual(keysOf(`${esc}[1;5${esc}[B`), ['down']);
  });

  test('focus and mouse', () =>
    assert.deepEqual(eventsOf(`${esc}[I${esc}[O${esc}[<0;10;5M${esc}[<64;1;1M${esc}[<65;1;1M`), [
      {type: 'focus', focused: true},
      {type: 'focus', focused: false},
      {type: 'mouse', action: 'press', column: 9, row: 4},
      {type: 'mouse', action: 'wheel-up', column: 0, row: 0},
      {type: 'mouse', action: 'wheel-down', column: 0, row: 0},
    ]));
});
