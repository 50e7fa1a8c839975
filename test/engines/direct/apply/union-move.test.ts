import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {JsonPatchOperation} from '../../../../source/cluster/types.ts';
import {roomPatch} from '../../../../source/engines/direct/apply/union-move.ts';
import {type FieldPath, fields} from '../../../../source/resources/field-path.ts';
import type {JsonObject} from '../../../../source/resources/json.ts';

const item = (name: string): FieldPath[number] => ({type: 'keys', keys: {name}});
const metadata = {resourceVersion: '7'};
const guard: JsonPatchOperation = {op: 'test', path: '/metadata/resourceVersion', value: '7'};

interface Case {
  live: JsonObject;
  body: JsonObject;
  left: FieldPath[];
  set: FieldPath[];
  patch: JsonPatchOperation[];
}

const cases: Record<string, Case> = {
  'one member out, the other in': {
    live: {metadata, spec: {probe: {exec: {command: ['true']}, period: 5}}},
    body: {spec: {probe: {httpGet: {port: 80}, period: 9}}},
    left: [fields('spec', 'probe', 'exec')],
    set: [fields('spec', 'probe', 'httpGet'), fields('spec', 'probe', 'period')],
    patch: [
      guard,
      {op: 'remove', path: '/spec/probe/exec'},
      {op: 'add', path: '/spec/probe/httpGet', value: {port: 80}},
      {op: 'replace', path: '/spec/probe/period', value: 9},
    ],
  },
  'an item of a list at its place after others left': {
    live: {metadata, spec: {volumes: [{name: 'a'}, {name: 'b', hostPath: {}}, {name: 'c'}]}},
    body: {
      spec: {
        volumes: [
          {name: 'b', emptyDir: {}},
          {name: 'd', emptyDir: {}},
        ],
      },
    },
    left: [
      [...fields('spec', 'volumes'), item('a')],
      [...fields('spec', 'volumes'), item('b'), ...fields('hostPath')],
    ],
    set: [
      [...fields('spec', 'volumes'), item('b'), ...fields('emptyDir')],
      [...fields('spec', 'volumes'), item('d')],
    ],
    patch: [
      guard,
      {op: 'remove', path: '/spec/volumes/1/hostPath'},
      {op: 'remove', path: '/spec/volumes/0'},
      {op: 'add', path: '/spec/volumes/0/emptyDir', value: {}},
      {op: 'add', path: '/spec/volumes/-', value: {name: 'd', emptyDir: {}}},
    ],
  },
  'what is around a field that live has nothing of, set once': {
    live: {metadata, spec: {old: 1}},
    body: {spec: {new: {'a/b': {x: 1, y: 2}}}},
    left: [fields('spec', 'old')],
    set: [fields('spec', 'new', 'a/b', 'x'), fields('spec', 'new', 'a/b', 'y')],
    patch: [
      guard,
      {op: 'remove', path: '/spec/old'},
      {op: 'add', path: '/spec/new', value: {'a/b': {x: 1, y: 2}}},
      {op: 'replace', path: '/spec/new/a~1b/y', value: 2},
    ],
  },
  'nothing that git has no value for': {
    live: {metadata, spec: {old: 1}},
    body: {spec: {}},
    left: [fields('spec', 'old')],
    set: [fields('spec', 'gone')],
    patch: [guard, {op: 'remove', path: '/spec/old'}],
  },
};

describe('a patch that swaps members of a union', () => {
  for (const [name, {live, body, left, set, patch}] of Object.entries(cases)) {
    test(name, () => {
      const before = structuredClone(live);
      assert.deepEqual(roomPatch(live, body, {left, set}), patch);
      assert.deepEqual(live, before, 'the live object is not touched');
    });
  }
});
