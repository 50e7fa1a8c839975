// Writes media/schema.json, the JSON schema of .gitops-tui.yaml for editors, from the schema that the program reads it with.
import {writeFileSync} from 'node:fs';
import {argv} from 'node:process';
import {fileURLToPath} from 'node:url';
import {toJsonSchema} from '@valibot/to-json-schema';
import {configSchema} from '../source/environments/schema.ts';

export const schemaFile = fileURLToPath(new URL('../media/schema.json', import.meta.url));

/** The JSON schema as text. Checks that JSON schema has no words for are left to the program. */
export function schemaText(): string {
  const schema = toJsonSchema(configSchema, {ignoreActions: ['check']});
  return `${JSON.stringify({...schema, title: '.gitops-tui.yaml'}, null, 2)}\n`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(schemaFile, schemaText());
