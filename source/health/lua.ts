import {to_luastring as bytes, lauxlib, lua, lualib} from 'fengari';
import type {Json, JsonObject} from '../resources/json.ts';
import {healthy} from './conditions.ts';
import type {Health} from './health.ts';

/** What a script may cost, in Lua's instructions: a second or so on a slow machine, which is what Argo CD allows. */
const mostInstructions = 500_000;

/**
 * Runs a health script as Argo CD does: the object is the global `obj`, and the script returns a table with `status` and
 * `message`. Without a status, or where nothing is returned, the object is Healthy by being there. A script that fails,
 * never ends or returns something else makes the health Unknown, with the reason; nothing is thrown. It reaches no file,
 * program or clock: there are Lua's base, table, string and math libraries only.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#way-1-define-a-custom-health-check-in-argocd-cm-configmap
 */
export function luaHealth(script: string, object: JsonObject): Health {
  const state = openState();
  const code = bytes(script);
  if (lauxlib.luaL_loadbuffer(state, code, code.length, bytes('=health.lua')) !== lua.LUA_OK)
    return failed(state);
  push(state, object);
  lua.lua_setglobal(state, bytes('obj'));
  lua.lua_sethook(
    state,
    () => lauxlib.luaL_error(state, bytes('it does not end')),
    lua.LUA_MASKCOUNT,
    mostInstructions,
  );
  if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) return failed(state);
  const type = lua.lua_type(state, -1);
  if (type === lua.LUA_TNIL) return healthy();
  if (type !== lua.LUA_TTABLE) return unknown('the health script returned no table');
  const status = fieldOf(state, 'status');
  if (status === '') return healthy();
  const known = statuses.find(name => name === status);
  if (known === undefined) return unknown(`the health script returned the status ${status}`);
  return {status: known, message: fieldOf(state, 'message')};
}

const statuses = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const;

function unknown(message: string): Health {
  return {status: 'Unknown', message};
}

function failed(state: lua.LuaState): Health {
  return unknown(`the health script failed: ${lua.lua_tojsstring(state, -1) ?? 'without a word'}`);
}

/** A Lua with nothing but its pure libraries. */
function openState(): lua.LuaState {
  const state = lauxlib.luaL_newstate();
  const libraries = {
    _G: lualib.luaopen_base,
    table: lualib.luaopen_table,
    string: lualib.luaopen_string,
    math: lualib.luaopen_math,
  };
  for (const [name, open] of Object.entries(libraries)) {
    lauxlib.luaL_requiref(state, bytes(name), open, true);
    lua.lua_pop(state, 1);
  }
  // Files and the terminal, what would catch the limit's error, and what takes all of the memory in one instruction.
  for (const name of ['dofile', 'loadfile', 'print', 'pcall', 'xpcall']) {
    lua.lua_pushnil(state);
    lua.lua_setglobal(state, bytes(name));
  }
  lua.lua_getglobal(state, bytes('string'));
  lua.lua_pushnil(state);
  lua.lua_setfield(state, -2, bytes('rep'));
  lua.lua_pop(state, 1);
  return state;
}

function fieldOf(state: lua.LuaState, name: string): string {
  const type = lua.lua_getfield(state, -1, bytes(name));
  const text = type === lua.LUA_TSTRING ? (lua.lua_tojsstring(state, -1) ?? '') : '';
  lua.lua_pop(state, 1);
  return text;
}

/** Pushes a value as Argo CD decodes it: null is nil, a list counts from 1. */
function push(state: lua.LuaState, value: Json): void {
  if (value === null) lua.lua_pushnil(state);
  else if (typeof value === 'boolean') lua.lua_pushboolean(state, value);
  else if (typeof value === 'string') lua.lua_pushstring(state, bytes(value));
  else if (typeof value === 'number' || typeof value === 'bigint') pushNumber(state, Number(value));
  else if (Array.isArray(value)) {
    lua.lua_createtable(state, value.length, 0);
    for (const [index, item] of value.entries()) {
      push(state, item);
      lua.lua_rawseti(state, -2, index + 1);
    }
  } else {
    const fields = Object.entries(value);
    lua.lua_createtable(state, 0, fields.length);
    for (const [name, item] of fields) {
      push(state, item);
      lua.lua_setfield(state, -2, bytes(name));
    }
  }
}

// Lua 5.3 tells integers (here of 32 bits) from floats, which it writes with a point; Argo CD's Lua has only one number.
function pushNumber(state: lua.LuaState, value: number): void {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) lua.lua_pushinteger(state, value);
  else lua.lua_pushnumber(state, value);
}
