import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {describe, test} from 'node:test';
import type {InputEvent} from '../../../source/terminal/input/events.ts';
import {escapeTime, openInput} from '../../../source/terminal/input/reader.ts';

class FakeStream extends EventEmitter {
  readonly calls: string[] = [];
  send(text: string): void {
    this.emit('data', Buffer.from(text));
  }
  setRawMode(isRaw: boolean): void {
    this.calls.push(`raw ${isRaw}`);
  }
  resume(): void {
    this.calls.push('resume');
  }
  pause(): void {
    this.calls.push('pause');
  }
}

function openFake() {
  const stream = new FakeStream();
  const input = openInput(stream, {});
  const events: InputEvent[] = [];
  const end = input.subscribe(event => events.push(event));
  input.start();
  return {stream, input, events, end};
}

const esc: InputEvent = {type: 'key', key: 'esc'};
const up: InputEvent = {type: 'key', key: 'up'};

describe('the reader of the terminal', () => {
  test('takes a lone ESC for the key when its time is up, not before', t => {
    t.mock.timers.enable({apis: ['setTimeout']});
    const {stream, events} = openFake();
    stream.send('\u001B');
    t.mock.timers.tick(99);
    stream.send('[A');
    assert.deepEqual(events, [up]);
    stream.send('\u001B');
    t.mock.timers.tick(99);
    assert.deepEqual(events, [up]);
    t.mock.timers.tick(1);
    t.mock.timers.tick(1);
    assert.deepEqual(events, [up, esc]);
    stream.send('[A');
    assert.deepEqual(events, [up, esc]);
  });

  test('never does where the terminal tells them apart', t => {
    t.mock.timers.enable({apis: ['setTimeout']});
    const {stream, input, events} = openFake();
    input.setUnambiguous(true);
    stream.send('\u001B');
    t.mock.timers.tick(1e6);
    stream.send('[A');
    assert.deepEqual(events, [up]);
  });

  test('waits longer over SSH', () => {
    assert.equal(escapeTime({}), 100);
    assert.ok(escapeTime({SSH_CONNECTION: '1 2 3 4'}) >= 300);
    assert.ok(escapeTime({SSH_TTY: '/dev/pts/1'}) >= 300);
  });

  test('gives the keyboard away and takes it again; what was half read is gone', async () => {
    const {stream, input, events} = openFake();
    assert.deepEqual(stream.calls, ['raw false', 'raw true', 'resume']);
    stream.send('\u001B[200~half');
    await input.stop();
    assert.deepEqual(stream.calls.slice(3), ['pause', 'raw false']);
    stream.send('j');
    input.start();
    // Once more where another program had changed the mode: each key still comes once.
    input.start();
    stream.send('k');
    assert.deepEqual(events, [{type: 'key', key: 'k'}]);
    await input.stop();
  });

  test('tells nobody who has ended it', () => {
    const {stream, events, end} = openFake();
    end();
    stream.send('j');
    assert.deepEqual(events, []);
  });
});
