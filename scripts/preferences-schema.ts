// Writes media/preferences-schema.json, the JSON schema of the user's preferences for editors, from the schema that the
// program reads them with.
import {writeFileSync} from 'node:fs';
import {argv} from 'node:process';
import {fileURLToPath} from 'node:url';
import {toJsonSchema} from '@valibot/to-json-schema';
import {preferencesSchema} from '../source/preferences/schema.ts';

export const preferencesSchemaFile = fileURLToPath(
  new URL('../media/preferences-schema.json', import.meta.url),
);

/** The JSON schema as text: of what is written, before it is read. */
export function preferencesSchemaText(): string {
  const schema = toJsonSchema(preferencesSchema, {typeMode: 'input', ignoreActions: ['transform']});
  return `${JSON.stringify({...schema, title: 'gitops-tui preferences'}, null, 2)}\n`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(preferencesSchemaFile, preferencesSchemaText());
