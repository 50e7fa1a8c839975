import assert from 'node:assert/strict';
import {test} from 'node:test';
import {colorDepthOf} from '../../source/terminal/color-depth.ts';

const cases: readonly (readonly [Record<string, string>, string])[] = [
  [{}, 'none'],
  [{TERM: 'dumb', COLORTERM: 'truecolor'}, 'none'],
  [{TERM: 'xterm'}, '16'],
  [{TERM: 'linux', COLORTERM: 'truecolor'}, '16'],
  [{TERM: 'vt220'}, '16'],
  [{TERM: 'screen'}, '16'],
  [{TERM: 'tmux-256color', TMUX: '/tmp/tmux'}, '256'],
  [{TERM: 'screen-256color'}, '256'],
  [{TERM: 'xterm-256color'}, '256'],
  [{TERM: 'xterm-256color', COLORTERM: 'truecolor'}, 'true'],
  [{TERM: 'xterm-256color', COLORTERM: '24bit'}, 'true'],
  [{TERM: 'xterm-direct'}, 'true'],
  [{TERM: 'xterm-kitty'}, 'true'],
  [{TERM: 'alacritty'}, 'true'],
  [{TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app'}, 'true'],
  [{TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal'}, '256'],
  // tmux turns true colours into what is around it; GNU screen reads them as attributes.
  [{TERM: 'screen-256color', COLORTERM: 'truecolor', TMUX: '/tmp/tmux'}, 'true'],
  [{TERM: 'screen.xterm-256color', COLORTERM: 'truecolor', STY: '1.pts'}, '256'],
  [{TERM: 'screen', COLORTERM: 'truecolor', STY: '1.pts'}, '16'],
  [{TERM: 'xterm-256color', NO_COLOR: '1'}, 'none'],
  [{TERM: 'xterm-256color', NO_COLOR: ''}, '256'],
  [{TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '1'}, '256'],
  [{TERM: 'dumb', FORCE_COLOR: ''}, '16'],
  [{TERM: 'xterm', FORCE_COLOR: '2'}, '256'],
  [{TERM: 'xterm', FORCE_COLOR: '3'}, 'true'],
  [{TERM: 'xterm-256color', FORCE_COLOR: '0'}, 'none'],
  [{TERM: 'xterm-256color', CI: 'true'}, '256'],
];

for (const [env, depth] of cases) {
  test(`${JSON.stringify(env)} has ${depth}`, () => {
    assert.equal(colorDepthOf(env, true), depth);
    assert.equal(colorDepthOf(env, false), 'none');
  });
}
