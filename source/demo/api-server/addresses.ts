import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {Store} from './store.ts';
import type {Allocator} from './strategies.ts';

/** Gives services cluster IPs of 10.96.0.0/16 and node ports of 30000 to 32767 that no other service has. */
export class Addresses implements Allocator {
  readonly #store: Store;
  #lastIp = 10;
  #lastPort = 29_999;

  constructor(store: Store) {
    this.#store = store;
  }

  clusterIp(): string {
    const used = new Set(this.#specs().map(spec => stringAt(spec, 'clusterIP')));
    for (;;) {
      this.#lastIp = (this.#lastIp + 1) % 65_535;
      const address = `10.96.${this.#lastIp >> 8}.${this.#lastIp & 0xff}`;
      if (!used.has(address)) return address;
    }
  }

  nodePort(): number {
    const used = new Set(
      this.#specs().flatMap(spec =>
        listAt(spec, 'ports').map(port => Number(objectAt({port}, 'port')['nodePort'])),
      ),
    );
    for (;;) {
      this.#lastPort = this.#lastPort >= 32_767 ? 30_000 : this.#lastPort + 1;
      if (!used.has(this.#lastPort)) return this.#lastPort;
    }
  }

  #specs(): JsonObject[] {
    return this.#store.entries('services').map(([, service]) => objectAt(service, 'spec'));
  }
}
