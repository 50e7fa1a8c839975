import assert from 'node:assert/strict';
import {test} from 'node:test';
import {load} from 'js-yaml';
import {yamlLines} from '../../../source/app/diff/yaml.ts';
import type {Json} from '../../../source/resources/json.ts';

const values: readonly Json[] = [
  {a: 1, b: true, c: null, d: 'text', e: '', f: [], g: {}},
  {list: [{name: 'a', ports: [{port: 80}]}, 'plain', [1, 2], {}], nested: {deep: {er: 'x'}}},
  {yes: 'yes', on: 'on', number: '0644', octal: '0o7', date: '2020-01-01', null: 'null', tilde: '~'},
  {
    colon: 'a: b',
    hash: 'a #b',
    dash: '- a',
    quote: 'say "hi"',
    star: '*a',
    and: '&a',
    at: '@a',
    url: 'http://x:80/y',
  },
  {text: 'one\ntwo\n', bare: 'one\ntwo', 'key with spaces': 1, 'app.properties': 'a=b'},
  {percent: '%a', trailing: 'a ', leading: ' a', exclamation: '!a', brace: '{a}', bracket: '[a]', pipe: '|'},
];

test('what is printed is YAML for the same value', () => {
  for (const value of values) assert.deepEqual(load(yamlLines(value).join('\n')), value);
});

test('lists stand at the depth of their key, as kubectl prints them', () => {
  assert.deepEqual(yamlLines({spec: {ports: [{port: 80, name: 'http'}]}}), [
    'spec:',
    '  ports:',
    '  - port: 80',
    '    name: http',
  ]);
});
