import fc from 'fast-check';
import {custom} from './custom.ts';
import {others} from './others.ts';
import type {Sample} from './parts.ts';
import {workloads} from './workloads.ts';

/** An object of any kind that the property test knows, without a name. */
export const anySample: fc.Arbitrary<Sample> = fc.oneof(...workloads, ...others, ...custom);
