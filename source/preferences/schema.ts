import * as v from 'valibot';
import {themeNames} from './types.ts';

const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));

// `1` is a number to YAML, and a key to whoever wrote it.
const key = v.pipe(
  v.union([v.string(), v.number()], 'must be the name of a key'),
  v.transform(String),
  v.nonEmpty('must not be empty'),
);

const keys = v.union([v.null(), key, v.array(key)], 'must be a key, a list of keys, or empty for none');

/** One entry of `commands`. */
export const commandSchema = v.strictObject(
  {
    name: v.pipe(
      text,
      v.maxLength(60, 'must have 60 characters at most'),
      v.description('What help, palette and footer call it.'),
    ),
    key: v.optional(
      v.pipe(keys, v.description('The key, or keys, that run it. Default: none, the palette has it.')),
    ),
    places: v.optional(
      v.pipe(
        v.array(text, 'must be a list of screens'),
        v.description('The screens that have it. Default: all.'),
      ),
    ),
    when: v.optional(
      v.pipe(
        v.strictObject(
          {
            kind: v.optional(
              v.pipe(
                v.array(text, 'must be a list of kinds'),
                v.description('Kinds of the chosen resource: [Deployment].'),
              ),
            ),
            status: v.optional(
              v.pipe(
                v.array(
                  v.picklist(
                    ['Synced', 'Modified', 'Missing', 'Extra', 'OutOfSync', 'Unknown'],
                    'must be Synced, Modified, Missing, Extra, OutOfSync or Unknown',
                  ),
                  'must be a list of statuses',
                ),
                v.description('Sync status of the chosen resource; of the environment where none is chosen.'),
              ),
            ),
            environment: v.optional(
              v.pipe(text, v.description('The environment’s name, as a glob: prod-*.')),
            ),
            readOnly: v.optional(
              v.pipe(
                v.boolean('must be true or false'),
                v.description('Only in a read-only session, or only in another.'),
              ),
            ),
          },
          'must be a mapping',
        ),
        v.description('What must hold for it to run. Default: nothing.'),
      ),
    ),
    run: v.pipe(
      v.array(
        v.pipe(v.string('must be text (quote it)')),
        'must be a list: the program and each of its arguments',
      ),
      v.nonEmpty('must name a program'),
      v.description(
        'The program and its arguments, one an entry; {environment}, {context}, {namespace}, {kind}, {name} stand for the selection’s. There is no shell.',
      ),
    ),
    in: v.optional(
      v.pipe(
        v.picklist(['terminal', 'background', 'pager'], 'must be terminal, background or pager'),
        v.description(
          'terminal: it has the screen until it ends. background: its end is told. pager: its output is shown. Default: terminal.',
        ),
      ),
    ),
    confirm: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description('Show the exact arguments first. Default: as changes says.'),
      ),
    ),
    changes: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description(
          'It may change something: confirmed always, refused in a read-only session. Default: true.',
        ),
      ),
    ),
  },
  'must be a mapping with name and run',
);

/** The user's preferences file. */
export const preferencesSchema = v.strictObject(
  {
    $schema: v.optional(v.pipe(v.string('must be text'), v.description('For editors.'))),
    theme: v.optional(
      v.pipe(
        v.picklist(themeNames, `must be ${themeNames.slice(0, -1).join(', ')} or ${themeNames.at(-1)}`),
        v.description('Colours. Default: auto, by the terminal’s background.'),
      ),
    ),
    mouse: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description('Whether the app takes the mouse. Default: false.'),
      ),
    ),
    keys: v.optional(
      v.pipe(
        v.record(v.string(), keys, 'must be a mapping of commands to keys'),
        v.description('Keys of commands, instead of their own: {sync: S, quit: [q, ctrl-x]}. Empty unbinds.'),
      ),
    ),
    commands: v.optional(
      v.pipe(v.array(commandSchema, 'must be a list of commands'), v.description('Commands of your own.')),
    ),
  },
  'must be a mapping',
);
