import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {luaHealth} from '../../source/health/lua.ts';
import type {JsonObject} from '../../source/resources/json.ts';

const certificate: JsonObject = {
  kind: 'Certificate',
  metadata: {name: 'web', generation: 12345678901n},
  spec: {names: ['a', 'b'], ratio: 0.5, paused: false, issuer: null},
  status: {
    conditions: [
      {type: 'Issuing', status: 'False', message: ''},
      {type: 'Ready', status: 'False', message: 'no issuer'},
    ],
  },
};

/** As the scripts of Argo CD's users are written. */
const byCondition = `
hs = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for i, condition in ipairs(obj.status.conditions) do
    if condition.type == "Ready" then
      hs.status = condition.status == "True" and "Healthy" or "Degraded"
      hs.message = condition.message
      return hs
    end
  end
end
hs.status = "Progressing"
hs.message = "waiting for the certificate"
return hs`;

const rows: [name: string, script: string, object: JsonObject, status: string, message: string | RegExp][] = [
  ['a condition', byCondition, certificate, 'Degraded', 'no issuer'],
  ['no status yet', byCondition, {}, 'Progressing', 'waiting for the certificate'],
  ['nothing returned', 'local x = 1', {}, 'Healthy', ''],
  ['no status in the table', 'return {}', {}, 'Healthy', ''],
  ['suspended', 'return {status = "Suspended", message = "paused"}', {}, 'Suspended', 'paused'],
  [
    'values of every type',
    `return {status = "Healthy", message = table.concat({
      #obj.spec.names, obj.spec.names[2], obj.spec.ratio, tostring(obj.spec.paused), tostring(obj.spec.issuer),
      string.format("%.0f", obj.metadata.generation), math.floor(2.5)}, " ")}`,
    certificate,
    'Healthy',
    '2 b 0.5 false nil 12345678901 2',
  ],
  ['a status that there is not', 'return {status = "Fine"}', {}, 'Unknown', /returned the status Fine/],
  ['no table', 'return 1', {}, 'Unknown', /returned no table/],
  ['wrong Lua', 'if x(', {}, 'Unknown', /failed: health.lua:1: /],
  ['a field of nil', 'return {status = obj.status.phase}', {}, 'Unknown', /nil value \(field 'status'\)/],
  ['no end', 'while true do end', {}, 'Unknown', /does not end/],
  [
    'an end that it refuses',
    'while true do pcall(function() while true do end end) end',
    {},
    'Unknown',
    /pcall/,
  ],
  ['a program', 'os.execute("true")', {}, 'Unknown', /nil value \(global 'os'\)/],
  ['a file', 'io.open("x")', {}, 'Unknown', /nil value \(global 'io'\)/],
  ['code of a file', 'dofile("x")', {}, 'Unknown', /nil value \(global 'dofile'\)/],
  [
    'all of the memory',
    'return {message = string.rep("x", 1e9)}',
    {},
    'Unknown',
    /nil value \(field 'rep'\)/,
  ],
];

describe('a health script', () => {
  for (const [name, script, object, status, message] of rows) {
    test(name, () => {
      const health = luaHealth(script, object);
      assert.equal(health.status, status, health.message);
      if (typeof message === 'string') assert.equal(health.message, message);
      else assert.match(health.message, message);
    });
  }

  test('leaves nothing for the next one', () => {
    luaHealth('left = "here" string.format = nil', {});
    const next = luaHealth('return {status = "Healthy", message = string.format("%s", tostring(left))}', {});
    assert.deepEqual(next, {status: 'Healthy', message: 'nil'});
  });
});
