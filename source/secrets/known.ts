import {isObject, type Json, type JsonObject, objectAt, parseJson, stringAt} from '../resources/json.ts';
import type {Mask} from './mask.ts';

/** What stands in a text where a secret value stood. */
export const taken = '***';

/** Shorter values are in too many words to be looked for in other people's sentences. */
const shortest = 6;
/** From here on a value that breaks off ("hunter2hun…") is found by its beginning of so many characters. */
const beginning = 8;
/** Longer values (a Helm release, a Java keystore) are in nobody's message as a whole; their lines are looked for. */
const longest = 16_384;

/** A way in which a value may be written. */
interface Form {
  text: string;
  /** The value that it stands for. */
  value: string;
  /** True where it counts only as a word of its own. */
  isWord: boolean;
  /** True where it looks like nothing but a secret: no plain word, no host, no path. */
  isTelling: boolean;
}

/**
 * The secret values that a session came across, and the one place that takes them out of what others say: a server's
 * error quotes the manifest that it refuses, a webhook the password that it finds too weak, a condition the address that
 * could not be reached. A value is found as it is, in base64 (at any offset), URL-encoded, in hex and as JSON writes it;
 * also its lines, the values in it (`PASSWORD=…`, `"auth": "…"`, `//user:…@`), and its beginning where a text breaks off.
 * Values of fewer than six characters, and names that objects bear in the open, are left where they are.
 */
export class KnownSecrets {
  readonly #scopes = new Map<string, readonly JsonObject[]>();
  readonly #values = new Set<string>();
  readonly #names = new Set<string>();
  /** Forms of each Secret: it is an object that never changes. */
  readonly #forms = new WeakMap<JsonObject, readonly Form[]>();
  readonly #mask: Mask;
  #version = 0;
  /** Forms by their first characters; undefined until a text is looked at. */
  #index: Map<string, Form[]> | undefined;

  /** `mask` makes the fingerprints of `redactContent`: the one of the session, so that they equal those of the Secrets. */
  constructor(mask: Mask = () => taken) {
    this.#mask = mask;
  }

  /** From now on these Secrets are what a scope (an environment's git, its cluster) holds: others in it are forgotten. */
  keep(scope: string, secrets: readonly JsonObject[]): void {
    const before = this.#scopes.get(scope);
    const isSame =
      before?.length === secrets.length && before.every((secret, index) => secret === secrets[index]);
    if (isSame) return;
    this.#scopes.set(scope, secrets);
    this.#moveOn();
  }

  /** Adds a value that is in no object: a token, a text that holds passwords. */
  add(value: string): void {
    if (this.#values.has(value)) return;
    this.#values.add(value);
    this.#moveOn();
  }

  /** Adds what an Authorization header carries: `Bearer …`, `Basic …`. */
  addAuthorization(header: unknown): void {
    const [, scheme = '', value = ''] = (typeof header === 'string' && /^(\S+)\s+(.+)$/.exec(header)) || [];
    if (value === '') return;
    this.add(value);
    if (!/^basic$/i.test(scheme)) return;
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
    this.add(password);
  }

  /** Names that are no secret, although somebody may have chosen one as a password. */
  nameOpenly(...names: readonly string[]): void {
    const before = this.#names.size;
    for (const name of names) this.#names.add(name);
    if (this.#names.size > before) this.#moveOn();
  }

  /** Another number where a text may be redacted otherwise than before. */
  get version(): number {
    return this.#version;
  }

  #moveOn(): void {
    this.#index = undefined;
    this.#version++;
  }

  /** A sentence without secret values. Give it the text before it is cut short. */
  redact(text: string): string {
    return this.#without(
      text,
      () => true,
      () => taken,
    );
  }

  /**
   * What a file or an object says in the open without secret values, but for those that are plain words: where a password
   * is `postgres`, the image of that name is shown all the same. A fingerprint stands in its place.
   */
  redactContent(text: string): string {
    return this.#without(
      text,
      ({isTelling}) => isTelling,
      ({value}) => this.#mask(Buffer.from(value, 'utf8').toString('base64')),
    );
  }

  /** As `redactContent`, for what would go into git: there no text goes that as a whole is a value, plain word or not. */
  redactForGit(text: string): string {
    return this.redact(text) === taken ? taken : this.redactContent(text);
  }

  /** A value of any shape, its texts as `redactContent` gives them; the very value where nothing is taken out. */
  redactValue<T extends Json>(value: T): T;
  redactValue(value: Json): Json {
    if (typeof value === 'string') return this.redactContent(value);
    if (Array.isArray(value)) {
      const items = value.map(item => this.redactValue(item));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, this.redactValue(item)] as const);
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
  }

  #without(text: string, counts: (form: Form) => boolean, stand: (form: Form) => string): string {
    if (text.length < shortest || (this.#scopes.size === 0 && this.#values.size === 0)) return text;
    const index = this.#indexed();
    if (index.size === 0) return text;
    let result = '';
    let from = 0;
    for (let at = 0; at + shortest <= text.length; ) {
      const found = this.#found(index.get(text.slice(at, at + shortest))?.filter(counts), text, at);
      if (found === undefined) {
        at++;
        continue;
      }
      result += text.slice(from, at) + stand(found.form);
      at += found.length;
      from = at;
    }
    return from === 0 ? text : result + text.slice(from);
  }

  /** The secret value that stands at a place, the longest where there are several, and how much of it. */
  #found(
    forms: readonly Form[] | undefined,
    text: string,
    at: number,
  ): {form: Form; length: number} | undefined {
    let most: {form: Form; length: number} | undefined;
    for (const form of forms ?? []) {
      const length = lengthAt(form, text, at);
      if (length <= (most?.length ?? 0) || (length === form.text.length && this.#names.has(form.text)))
        continue;
      most = {form, length};
    }
    return most;
  }

  #indexed(): Map<string, Form[]> {
    if (this.#index !== undefined) return this.#index;
    const index = new Map<string, Form[]>();
    const seen = new Set<string>();
    const put = (form: Form) => {
      if (seen.has(form.text)) return;
      seen.add(form.text);
      const key = form.text.slice(0, shortest);
      const known = index.get(key);
      if (known === undefined) index.set(key, [form]);
      else known.push(form);
    };
    for (const value of this.#values) for (const form of formsOf(value)) put(form);
    for (const secrets of this.#scopes.values()) {
      for (const secret of secrets) for (const form of this.#formsOfSecret(secret)) put(form);
    }
    this.#index = index;
    return index;
  }

  #formsOfSecret(secret: JsonObject): readonly Form[] {
    const known = this.#forms.get(secret);
    if (known !== undefined) return known;
    const forms = secretTexts(secret).flatMap(formsOf);
    this.#forms.set(secret, forms);
    return forms;
  }
}

/** The texts that a Secret keeps secret: base64 as it is written, and what it stands for. */
export function secretTexts(secret: JsonObject): string[] {
  const texts: string[] = [];
  for (const value of Object.values(objectAt(secret, 'data'))) {
    if (typeof value !== 'string') texts.push(String(value));
    else texts.push(value.trim(), decoded(value) ?? '');
  }
  for (const value of Object.values(objectAt(secret, 'stringData'))) texts.push(String(value));
  return texts;
}

/** The text that base64 stands for; undefined where it stands for bytes. */
function decoded(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > longest) return undefined;
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? undefined : text;
}

function lengthAt({text: value, isWord}: Form, text: string, at: number): number {
  if (text.startsWith(value, at)) {
    const isApart = !isLetter(text[at - 1]) && !isLetter(text[at + value.length]);
    return !isWord || isApart ? value.length : 0;
  }
  if (value.length <= beginning || !text.startsWith(value.slice(0, beginning), at)) return 0;
  let length = beginning;
  while (length < value.length && text[at + length] === value[length]) length++;
  // What goes on otherwise only begins alike: `https://`.
  return /^(?:$|…|\.\.\.|["'`\\\s)\]}])/.test(text.slice(at + length, at + length + 3)) ? length : 0;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

/** All forms in which a value, and what is in it, may be written. */
function formsOf(value: string): Form[] {
  const parts = new Set<string>();
  addParts(value, parts, 0);
  const forms: Form[] = [];
  for (const part of parts) {
    for (const text of spellings(part)) {
      // In base64 and hex a short value is too short to be found by accident, as a word it is not.
      if (text.length < shortest) continue;
      const isItself = text === part;
      forms.push({
        text,
        value: part,
        isWord: isItself && part.length < 12,
        isTelling: !isItself || isTelling(part),
      });
    }
  }
  return forms;
}

function addParts(value: string, parts: Set<string>, depth: number): void {
  const text = value.trim();
  if (text.length < shortest || isOrdinary(text) || parts.has(text)) return;
  if (text.length <= longest) parts.add(text);
  if (depth >= 3) return;
  for (const leaf of jsonLeaves(text)) addParts(leaf, parts, depth + 1);
  if (text.includes('\n')) for (const line of text.split('\n')) addParts(line, parts, depth + 1);
  else {
    const assigned = /^[\w.-]+\s*[=:]\s*(?:"(.+)"|'(.+)'|(\S.*))$/.exec(text);
    if (assigned !== null) addParts(assigned[1] ?? assigned[2] ?? assigned[3] ?? '', parts, depth + 1);
    const password = /^[a-z][\w+.-]*:\/\/[^/\s:@]*:(\S+)@[^@]*$/i.exec(text)?.[1];
    if (password !== undefined) addParts(password, parts, depth + 1);
  }
}

/** True for what says nothing, or what everybody's values begin with. */
function isOrdinary(text: string): boolean {
  return /^(?:true|false|-----(?:BEGIN|END) [A-Z0-9 ]+-----|https?:\/\/|[{}[\],\s]*|\d{1,7})$/i.test(text);
}

/** Two kinds of characters that words, hosts and paths do not mix. */
function isTelling(text: string): boolean {
  if (text.length < beginning) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s./:@-]/].filter(kind => kind.test(text));
  return kinds.length > 1;
}

function jsonLeaves(text: string): string[] {
  if (!/^[{[]/.test(text)) return [];
  try {
    const leaves: string[] = [];
    collect(parseJson(text), leaves);
    return leaves;
  } catch {
    return [];
  }
}

function collect(value: Json, leaves: string[]): void {
  if (typeof value === 'string') leaves.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, leaves);
  else if (isObject(value)) for (const item of Object.values(value)) collect(item, leaves);
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const json = JSON.stringify(value).slice(1, -1);
  const found = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    // Go's encoder, which writes what kubectl applied last.
    json.replace(/[<>&]/g, sign => `\\u00${sign.charCodeAt(0).toString(16)}`),
    encodeURIComponent(value.toWellFormed()),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    // To its very end: the last characters hold bits of the value, too.
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
  // In front of it something may stand that shifts it: `user:` in what basic authentication sends.
  for (let offset = 0; offset < 3; offset++) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    // The characters that are made of the value's own bits alone.
    const core = shifted
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6));
    if (core.length >= beginning) found.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(found)];
}

/** True for what keeps something secret as a Secret does: the core's, and kinds of other groups of that name. */
export function isSecretKind(object: JsonObject): boolean {
  return stringAt(object, 'kind') === 'Secret';
}
