import {appCommands} from './app-commands.ts';
import type {Command} from './command.ts';
import {dialogCommands} from './dialog-commands.ts';
import {imageCommands} from './image-commands.ts';
import {moveCommands} from './move-commands.ts';
import type {Place} from './places.ts';
import {promotionCommands} from './promotion-commands.ts';
import {pullRequestCommands} from './pull-request-commands.ts';
import {screenCommands} from './screen-commands.ts';

/** All commands, in the order in which footer and help show them. */
export const commands: readonly Command[] = [
  ...dialogCommands,
  ...screenCommands,
  ...pullRequestCommands,
  ...imageCommands,
  ...promotionCommands,
  ...moveCommands,
  ...appCommands,
];

/** The command that a key runs at a place. */
export function commandFor(key: string, place: Place): Command | undefined {
  return commands.find(command => command.places.includes(place) && command.keys.includes(key));
}
