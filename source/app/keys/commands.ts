import type {Command} from './command.ts';
import {appCommands} from './table/app.ts';
import {dialogCommands} from './table/dialog.ts';
import {imageCommands} from './table/image.ts';
import {driftCommands, listCommands} from './table/list.ts';
import {logCommands} from './table/log.ts';
import {lookCommands} from './table/look.ts';
import {moveCommands} from './table/move.ts';
import {promotionCommands} from './table/promotion.ts';
import {pullRequestCommands} from './table/pull-request.ts';
import {screenCommands} from './table/screen.ts';
import {syncCommands} from './table/sync.ts';
import {textCommands} from './table/text.ts';
import {wordCommands} from './table/word.ts';

/** All commands with their own keys, in the order in which footer and help show them. */
export const commands: readonly Command[] = [
  ...dialogCommands,
  ...driftCommands,
  ...screenCommands,
  ...pullRequestCommands,
  ...imageCommands,
  ...promotionCommands,
  ...syncCommands,
  ...lookCommands,
  ...logCommands,
  ...textCommands,
  ...listCommands,
  ...moveCommands,
  ...wordCommands,
  ...appCommands,
];
