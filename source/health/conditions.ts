import {type JsonObject, listAt, objectAt, stringAt} from '../resources/json.ts';
import type {Health} from './health.ts';

/** One of an object's status.conditions. */
export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

/** An object's status.conditions, in their order. */
export function conditionsOf(object: JsonObject): Condition[] {
  return listAt(objectAt(object, 'status'), 'conditions').map(condition => ({
    type: stringAt(condition, 'type') ?? '',
    status: stringAt(condition, 'status') ?? '',
    reason: stringAt(condition, 'reason') ?? '',
    message: stringAt(condition, 'message') ?? '',
  }));
}

/** The condition of a type, or undefined; with `status` only where it has that. */
export function conditionOf(object: JsonObject, type: string, status?: string): Condition | undefined {
  return conditionsOf(object).find(
    condition => condition.type === type && (status === undefined || condition.status === status),
  );
}

/** The number at `key`, or `otherwise` where none stands there. */
export function numberAt(object: JsonObject, key: string, otherwise = 0): number {
  const value = object[key];
  return typeof value === 'number' ? value : otherwise;
}

export const healthy = (message = ''): Health => ({status: 'Healthy', message});
export const progressing = (message: string): Health => ({status: 'Progressing', message});
export const degraded = (message: string): Health => ({status: 'Degraded', message});
export const suspended = (message: string): Health => ({status: 'Suspended', message});
