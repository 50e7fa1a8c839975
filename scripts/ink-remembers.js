import {readFile} from 'node:fs/promises';

// What Ink works out of a text anew for each frame, for the rows that didn't change, too: two thirds of what a key costs.
// Each of these is a pure function of the text, and is remembered from one frame to the next. [file, what is there, what
// stands there instead].
const remembered = [
  [
    'output.js',
    'caches = new OutputCaches();',
    'caches = lastCaches.widths.size < 4096 ? lastCaches : (lastCaches = new OutputCaches());',
  ],
  [
    'output.js',
    'export default class Output {',
    'let lastCaches = new OutputCaches();\nexport default class Output {',
  ],
  ['output.js', 'blockWidths = new Map();', 'blockWidths = new Map();\nlines = new Map();'],
  [
    'output.js',
    'let lines = characterLines.map(line => styledCharsToString(line));',
    `let lines = this.caches.lines.get(text);
     if (lines === undefined) this.caches.lines.set(text, lines = characterLines.map(line => styledCharsToString(line)));`,
  ],
  [
    'render-node-to-output.js',
    "import widestLine from 'widest-line';",
    "import measureText from './measure-text.js';",
  ],
  ['render-node-to-output.js', 'widestLine(text)', 'measureText(text).width'],
  [
    'sanitize-ansi.js',
    'const sanitizeAnsi = (text) => {',
    `const known = new Map();
     const sanitizeAnsi = text => {
       let found = known.get(text);
       if (found === undefined) {
         if (known.size >= 4096) known.clear();
         known.set(text, found = sanitized(text));
       }
       return found;
     };
     const sanitized = (text) => {`,
  ],
];

/** Lets Ink remember rows. Fails where an Ink is not as it was read: then it is to be read again. */
export const inkRemembers = {
  name: 'ink-remembers',
  setup(build) {
    build.onLoad(
      {filter: /[\\/]ink[\\/]build[\\/](?:output|render-node-to-output|sanitize-ansi)\.js$/},
      async ({path: file}) => {
        let contents = await readFile(file, 'utf8');
        for (const [name, before, after] of remembered) {
          if (!file.endsWith(`/${name}`)) continue;
          if (contents.split(before).length !== 2) throw new Error(`${file} has no longer once: ${before}`);
          contents = contents.replace(before, () => after);
        }
        return {contents, loader: 'js'};
      },
    );
  },
};
