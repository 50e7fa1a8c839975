import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {manualFile, manualText, readmeFile, readmeText} from '../scripts/manual.ts';
import {commands} from '../source/app/keys/commands.ts';

const how = 'node --import tsx scripts/manual.ts writes them anew';

test('the manual is made of the table of commands as it is', () => {
  assert.equal(readFileSync(manualFile, 'utf8'), manualText(), how);
});

test('README’s table of keys is', () => {
  const readme = readFileSync(readmeFile, 'utf8');
  assert.equal(readme, readmeText(readme), how);
});

test('the manual has every command, and no line that roff would take for a request', () => {
  const manual = manualText();
  for (const {id} of commands) assert.match(manual, new RegExp(`\\(${id.replaceAll('-', '\\\\-')}[ )]`), id);
  const requests = manual.split('\n').filter(line => /^[.']/.test(line));
  for (const line of requests) assert.match(line, /^\.(?:\\"|TH|SH|SS|TP|B|nf|fi)(?: |$)/, line);
});
