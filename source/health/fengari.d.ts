/** The parts of fengari, a Lua 5.3 in JavaScript, that health scripts run on. Its strings are bytes. */
declare module 'fengari' {
  export function to_luastring(text: string): Uint8Array;

  export namespace lua {
    export type LuaState = {readonly __lua: unique symbol};
    export type LuaFunction = (state: LuaState) => number;
    export const LUA_OK: number;
    export const LUA_MASKCOUNT: number;
    export const LUA_TNIL: number;
    export const LUA_TSTRING: number;
    export const LUA_TTABLE: number;
    export function lua_createtable(state: LuaState, items: number, fields: number): void;
    export function lua_getfield(state: LuaState, index: number, key: Uint8Array): number;
    export function lua_getglobal(state: LuaState, name: Uint8Array): number;
    export function lua_pcall(state: LuaState, args: number, results: number, handler: number): number;
    export function lua_pop(state: LuaState, count: number): void;
    export function lua_pushboolean(state: LuaState, value: boolean): void;
    export function lua_pushinteger(state: LuaState, value: number): void;
    export function lua_pushnil(state: LuaState): void;
    export function lua_pushnumber(state: LuaState, value: number): void;
    export function lua_pushstring(state: LuaState, value: Uint8Array): void;
    export function lua_rawseti(state: LuaState, index: number, item: number): void;
    export function lua_setfield(state: LuaState, index: number, key: Uint8Array): void;
    export function lua_setglobal(state: LuaState, name: Uint8Array): void;
    export function lua_sethook(state: LuaState, hook: () => void, mask: number, count: number): void;
    export function lua_tojsstring(state: LuaState, index: number): string | null;
    export function lua_type(state: LuaState, index: number): number;
  }

  export namespace lauxlib {
    export function luaL_newstate(): lua.LuaState;
    export function luaL_error(state: lua.LuaState, format: Uint8Array): number;
    export function luaL_loadbuffer(
      state: lua.LuaState,
      code: Uint8Array,
      size: number,
      name: Uint8Array,
    ): number;
    export function luaL_requiref(
      state: lua.LuaState,
      name: Uint8Array,
      open: lua.LuaFunction,
      global: boolean,
    ): void;
  }

  export namespace lualib {
    export const luaopen_base: lua.LuaFunction;
    export const luaopen_table: lua.LuaFunction;
    export const luaopen_string: lua.LuaFunction;
    export const luaopen_math: lua.LuaFunction;
  }
}
