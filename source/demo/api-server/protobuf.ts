import {type Json, type JsonObject, listAt, objectAt, parseJson} from '../../resources/json.ts';
import {fieldNumbers} from './catalog.ts';
import type {GoType, Scalar, Struct} from './go-type.ts';

/** A message that can't be read; answered as a bad request. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

type Wire = number | bigint | Buffer;
/** Values of a message by field number, in the order in which they came. */
type Message = Map<number, Wire[]>;

const magic = Buffer.from('k8s\0');

/**
 * Reads an object as Kubernetes' own clients send it when they prefer protobuf (kubectl create and kubectl auth do):
 * four bytes of magic, an envelope with apiVersion and kind, in it the object. Gives the JSON that it stands for.
 * Source: apimachinery, pkg/runtime/serializer/protobuf; the fields' numbers are those of the Go types.
 */
export function decodeProtobuf(bytes: Buffer, type: Struct): JsonObject {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new ProtobufError('it has no k8s prefix');
  const envelope = readMessage(bytes.subarray(magic.length));
  const typeMeta = readMessage(bytesAt(envelope, 1));
  return {
    apiVersion: bytesAt(typeMeta, 1).toString('utf8'),
    kind: bytesAt(typeMeta, 2).toString('utf8'),
    ...toStruct(bytesAt(envelope, 2), type),
  };
}

function toStruct(bytes: Buffer, type: Struct): JsonObject {
  const message = readMessage(bytes);
  const inlined = new Map<number, Message>();
  const numbers = objectAt(fieldNumbers, type.name);
  const result: JsonObject = {};
  for (const field of type.fields.values()) {
    const path = listAt(numbers, field.name).map(Number);
    let at: Message | undefined = message;
    // What JSON writes inline is a message of its own here.
    for (const outer of path.slice(0, -1)) {
      const nested: Message = inlined.get(outer) ?? readMessage(bytesAt(at, outer));
      if (path.length === 2) inlined.set(outer, nested);
      at = nested;
    }
    const values = at.get(path.at(-1) ?? 0);
    if (values === undefined) continue;
    result[field.name] = toJson(values, field.type);
  }
  return result;
}

function toJson(values: readonly Wire[], type: GoType): Json {
  switch (type.kind) {
    case 'list':
      return values.map(value => toJson([value], type.item));
    case 'map': {
      const result: JsonObject = {};
      for (const value of values) {
        const entry = readMessage(asBytes(value));
        result[bytesAt(entry, 1).toString('utf8')] = toJson(entry.get(2) ?? [Buffer.alloc(0)], type.value);
      }
      return result;
    }
    case 'struct':
      return toStruct(asBytes(values.at(-1)), type);
    case 'scalar':
      return toScalar(values.at(-1), type.scalar);
  }
}

function toScalar(value: Wire | undefined, scalar: Scalar): Json {
  switch (scalar) {
    case 'string':
      return asBytes(value).toString('utf8');
    case 'bytes':
      return asBytes(value).toString('base64');
    case 'boolean':
      return value !== 0n;
    case 'integer':
      return toInteger(value);
    case 'number':
      return typeof value === 'number' ? value : 0;
    case 'quantity':
      return bytesAt(readMessage(asBytes(value)), 1).toString('utf8') || '0';
    case 'int-or-string': {
      const message = readMessage(asBytes(value));
      const isText = message.get(1)?.at(-1) === 1n;
      return isText ? bytesAt(message, 3).toString('utf8') : toInteger(message.get(2)?.at(-1));
    }
    case 'time':
    case 'microtime': {
      const message = readMessage(asBytes(value));
      const seconds = Number(toInteger(message.get(1)?.at(-1)));
      return message.size === 0 ? null : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
    }
    case 'any': {
      const raw = bytesAt(readMessage(asBytes(value)), 1);
      return raw.length === 0 ? null : parseJson(raw.toString('utf8'));
    }
  }
}

function toInteger(value: Wire | undefined): Json {
  const signed = BigInt.asIntN(64, typeof value === 'bigint' ? value : 0n);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function asBytes(value: Wire | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  if (!Buffer.isBuffer(value)) throw new ProtobufError('a field is not of the type that it should be');
  return value;
}

function bytesAt(message: Message, number: number): Buffer {
  return asBytes(message.get(number)?.at(-1));
}

function readMessage(bytes: Buffer): Message {
  const message: Message = new Map();
  let offset = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError('it ends in the middle of a number');
  };
  const take = (length: number): Buffer => {
    if (offset + length > bytes.length) throw new ProtobufError('it ends in the middle of a field');
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  while (offset < bytes.length) {
    const tag = Number(readVarint());
    const wire = tag & 7;
    let value: Wire;
    if (wire === 0) value = readVarint();
    else if (wire === 1) value = take(8).readDoubleLE();
    else if (wire === 2) value = take(Number(readVarint()));
    else if (wire === 5) value = take(4).readFloatLE();
    else throw new ProtobufError(`it has a field of wire type ${wire}`);
    const number = Math.floor(tag / 8);
    message.set(number, [...(message.get(number) ?? []), value]);
  }
  return message;
}
