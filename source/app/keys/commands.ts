import {appCommands} from './app-commands.ts';
import type {Command} from './command.ts';
import {dialogCommands} from './dialog-commands.ts';
import {imageCommands} from './image-commands.ts';
import {driftCommands, listCommands} from './list-commands.ts';
import {logCommands} from './log-commands.ts';
import {lookCommands} from './look-commands.ts';
import {moveCommands} from './move-commands.ts';
import {promotionCommands} from './promotion-commands.ts';
import {pullRequestCommands} from './pull-request-commands.ts';
import {screenCommands} from './screen-commands.ts';
import {syncCommands} from './sync-commands.ts';
import {textCommands} from './text-commands.ts';
import {wordCommands} from './word-commands.ts';

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
