import type {User} from './access.ts';
import type {LogBook} from './logs.ts';
import type {OpenApi} from './openapi.ts';
import type {Registry} from './registry.ts';
import type {Store} from './store.ts';
import type {Writer} from './writer.ts';

/** What requests are answered from. */
export interface Backend {
  store: Store;
  registry: Registry;
  writer: Writer;
  openApi: OpenApi;
  clock: () => Date;
  /** Who has a token. */
  users: ReadonlyMap<string, User>;
  /** `127.0.0.1:6443` */
  address: string;
  /** What containers write. */
  logs: LogBook;
}
