import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {describe, test} from 'node:test';
import {openOutput} from '../../../source/terminal/output/output.ts';
import {Emulator} from './emulator.ts';

const question = '\u001B[5n';

/** A terminal that takes what is written only when it is told to. */
class SlowTerminal extends EventEmitter {
  columns = 20;
  rows = 4;
  /** What was written and not yet taken. */
  readonly pending: {text: string; taken: () => void}[] = [];
  /** All that was written. */
  output = '';

  write(text: string, taken: () => void = () => {}): boolean {
    this.output += text;
    this.pending.push({text, taken});
    return false;
  }

  /** Takes what was written, and what is written thereupon; gives it all. */
  async take(emulator?: Emulator): Promise<string> {
    let all = '';
    for (let next = this.pending.shift(); next !== undefined; next = this.pending.shift()) {
      all += next.text;
      await emulator?.write(next.text);
      next.taken();
    }
    return all;
  }
}

function open({asks = false} = {}) {
  const terminal = new SlowTerminal();
  let answer = () => {};
  const output = openOutput(
    terminal as unknown as NodeJS.WriteStream,
    asks
      ? listener => {
          answer = listener;
        }
      : undefined,
  );
  const show = (...lines: string[]) => output.stream.write(lines.join('\n'));
  return {terminal, output, show, answer: () => answer(), emulator: new Emulator(20, 4)};
}

describe("the terminal's output", () => {
  test('takes the terminal, shows frames on it, and gives it back as it was', async () => {
    const {terminal, output, show, emulator} = open();
    await emulator.write('$ gitops-tui');
    output.enter();
    show('one', 'two', '', 'end');
    await terminal.take(emulator);
    assert.ok(emulator.isAlternate);
    assert.deepEqual(emulator.text(), ['one', 'two', '', 'end']);
    assert.ok(terminal.output.includes('\u001B[?25l') && terminal.output.includes('\u001B[?7l'));
    await output.leave();
    await terminal.take(emulator);
    assert.equal(emulator.isAlternate, false);
    assert.deepEqual(emulator.text(), ['$ gitops-tui', '', '', '']);
    assert.ok(terminal.output.endsWith('\u001B[?7h\u001B[?25h\u001B[?1049l'));
  });

  test('what Ink writes before a frame is not shown, nor does it move anything', async () => {
    const {terminal, output, emulator} = open();
    output.enter();
    output.stream.write('\u001B[?25l');
    output.stream.write('\u001B[?2026h');
    output.stream.write('one\n\n\nend');
    output.stream.write(
      '\u001B[2K\u001B[1A\u001B[2K\u001B[1A\u001B[2K\u001B[1A\u001B[2K\u001B[G\u001B[31mred\u001B[39m\n\n\nend',
    );
    output.stream.write('\u001B[?2026l');
    await terminal.take(emulator);
    assert.deepEqual(emulator.text(), ['red', '', '', 'end']);
    await output.leave();
  });

  test('writes nothing for a frame that is shown already', async () => {
    const {terminal, output, show} = open();
    output.enter();
    show('one', 'two', '', 'end');
    await terminal.take();
    show('one', 'two', '', 'end');
    assert.equal(await terminal.take(), '');
    await output.leave();
  });

  test('a slow terminal gets the newest frame, none of those before it', async () => {
    const {terminal, output, show, emulator} = open();
    output.enter();
    show('0', 'x', 'x', 'x');
    await terminal.take(emulator);
    for (let count = 1; count <= 50; count++) show(`${count}`, 'x', 'x', 'x');
    // The first went out as the terminal was free.
    assert.equal(await terminal.take(emulator), '\u001B[H1\r50');
    assert.deepEqual(emulator.text(), ['50', 'x', 'x', 'x']);
    await output.leave();
  });

  test('what lies between gets no more than it can take, either', async () => {
    const {terminal, output, show, answer} = open({asks: true});
    output.enter();
    assert.ok(terminal.output.endsWith(question));
    await terminal.take();
    answer();
    let shown = 0;
    // Every frame differs throughout.
    const frame = () => {
      shown++;
      const line = String.fromCharCode(65 + (shown % 26)).repeat(20);
      show(line, line, line, `${shown}`.padStart(20, line));
    };
    let written = 0;
    while (shown < 1000) {
      frame();
      const {length} = await terminal.take();
      if (length === 0) break;
      written += length;
    }
    assert.ok(written < 6000, `${written} bytes are on their way`);
    // Each answer lets something through, in the end the last frame.
    for (let count = 0; count < 100; count++) frame();
    for (let count = 0; count < 100; count++) answer();
    const rest = await terminal.take();
    assert.ok(rest.includes(`${shown}`), rest);
    for (let count = 0; count < 100; count++) answer();
    await output.leave();
  });

  test('gives the terminal back when all questions are answered: whoever has it next must not read an answer', async () => {
    const {terminal, output, answer} = open({asks: true});
    output.enter();
    await terminal.take();
    let hasLeft = false;
    const leaving = output.leave().then(() => {
      hasLeft = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(hasLeft, false);
    assert.ok(!terminal.output.includes('\u001B[?1049l'));
    answer();
    await leaving;
    assert.ok(terminal.output.includes('\u001B[?1049l'));
  });

  test('a question that a mode brings along is waited for, too; one that was not sent yet is not asked any more', async () => {
    const {terminal, output, answer} = open({asks: true});
    const mode = '\u001B[>5u\u001B[?u';
    output.enter();
    await terminal.take();
    answer();
    output.setMode(mode, '\u001B[<u');
    assert.equal(await terminal.take(), mode + question);
    let hasLeft = false;
    const leaving = output.leave().then(() => {
      hasLeft = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(hasLeft, false);
    answer();
    await leaving;
    output.enter();
    // It is being written: what comes now waits.
    const before = terminal.output.length;
    output.send('\u001B]11;?\u0007\u001B]52;c;YQ==\u0007');
    output.retake();
    await output.leave();
    const rest = terminal.output.slice(before);
    assert.ok(rest.includes('\u001B]52;c;YQ==\u0007'));
    assert.ok(!rest.includes('\u001B]11;?\u0007') && !rest.includes(question));
  });

  test('one that takes nothing any more does not keep the app', async () => {
    const {terminal, output, show} = open();
    output.enter();
    show('one', 'two', '', 'end');
    await output.leave();
    assert.equal(terminal.pending.length, 2);
    assert.ok(terminal.output.endsWith('\u001B[?1049l'));
  });

  test('a new size is painted anew, once it lasts', async () => {
    const {terminal, output, show, emulator} = open();
    output.enter();
    show('one', 'two', 'three', '12345678901234567890');
    await terminal.take(emulator);
    const sizes: number[] = [];
    output.stream.on('resize', () => sizes.push(output.stream.columns));
    for (const [columns, rows] of [
      [10, 3],
      [12, 5],
    ] as const) {
      emulator.resize(columns, rows);
      terminal.columns = columns;
      terminal.rows = rows;
      terminal.emit('resize');
      // Ink draws what it has at first.
      show('one', 'two', 'three', '12345678901234567890');
    }
    assert.deepEqual(sizes, [10, 12]);
    show('one', '', '', '', '123456789012');
    assert.equal(terminal.pending.length, 0);
    await emulator.write('\u001B[2;2Hstale');
    while ((await terminal.take(emulator)) === '') await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(emulator.text(), ['one', '', '', '', '123456789012']);
    await output.leave();
  });

  test('taken again, it loses what another program wrote and set', async () => {
    const {terminal, output, show, emulator} = open();
    output.enter();
    show('one', 'two', '', 'end');
    await terminal.take(emulator);
    await emulator.write('\u001B[?7h\u001B[31m\u001B[3;3Hstray');
    output.retake();
    await terminal.take(emulator);
    assert.deepEqual(emulator.text(), ['one', 'two', '', 'end']);
    await output.leave();
  });

  test('taken again, it does not wait for answers that another program has read', async () => {
    const {terminal, output, show, emulator, answer} = open({asks: true});
    output.enter();
    await terminal.take(emulator);
    answer();
    for (let frame = 0; frame < 400; frame++) {
      const line = String.fromCharCode(65 + (frame % 26)).repeat(20);
      show(line, line, line, line);
      await terminal.take(emulator);
    }
    // It is sent no more; then another program has the terminal for a while, and the answers.
    show('one', 'two', '', 'end');
    assert.equal(await terminal.take(emulator), '');
    output.retake();
    await terminal.take(emulator);
    assert.deepEqual(emulator.text(), ['one', 'two', '', 'end']);
    answer();
    await output.leave();
  });

  test('frames that come while it is lent are shown when it is taken again', async () => {
    const {terminal, output, show, emulator} = open();
    output.enter();
    show('one', '', '', 'end');
    await terminal.take(emulator);
    await output.leave();
    await terminal.take(emulator);
    show('two', '', '', 'end');
    assert.equal(await terminal.take(emulator), '');
    await emulator.write('an editor\r\n');
    output.enter();
    await terminal.take(emulator);
    assert.deepEqual(emulator.text(), ['two', '', '', 'end']);
    await output.leave();
  });

  test('modes are set while the terminal is ours, and off while it is not', async () => {
    const {terminal, output} = open();
    const end = output.setMode('\u001B[?1000h', '\u001B[?1000l');
    assert.equal(await terminal.take(), '');
    output.enter();
    assert.match(await terminal.take(), /\u001B\[\?1000h/);
    await output.leave();
    assert.match(await terminal.take(), /\u001B\[\?1000l.*\u001B\[\?1049l/);
    output.enter();
    assert.match(await terminal.take(), /\u001B\[\?1000h/);
    end();
    assert.equal(await terminal.take(), '\u001B[?1000l');
    await output.leave();
    assert.doesNotMatch(await terminal.take(), /1000/);
  });

  test('sequences go between frames', async () => {
    const {terminal, output, show, emulator} = open();
    output.enter();
    show('one', '', '', 'end');
    output.send('\u001B]52;c;b25l\u0007');
    await terminal.take(emulator);
    assert.ok(terminal.output.includes('\u001B]52;c;b25l\u0007'));
    assert.deepEqual(emulator.text(), ['one', '', '', 'end']);
    await output.leave();
  });

  test('what was logged meanwhile is read where the terminal is given back, without escapes', async () => {
    const {terminal, output, show, emulator} = open();
    output.enter();
    show('one', '', '', 'end');
    output.messages.write('a \u001B[2Jwarning\n');
    await terminal.take(emulator);
    assert.deepEqual(emulator.text(), ['one', '', '', 'end']);
    await output.leave();
    await terminal.take(emulator);
    assert.deepEqual(emulator.text(), ['a warning', '', '', '']);
  });
});
