import type {ContractCase} from './contract-helpers.ts';
import {logs} from './contract-logs.ts';
import {reads} from './contract-reads.ts';
import {writes} from './contract-writes.ts';

/** All cases, which run against the embedded server and a real one alike. */
export const contract: readonly ContractCase[] = [...writes, ...reads, ...logs];
