import type { ServerResponse } from 'node:http';
import { ApiError } from '../api-error';
import type { ObjectStore } from '../object-store';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';

/** A watch that fell this far behind is ended, as the API server ends slow watchers. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

export type WatchSpec = {
  resource: ResourceName;
  path: string;
  account: string;
  /** Whether the watch sees an object at all: namespace and selectors. */
  matches: (object: KubeObject) => boolean;
  /** JSON text of an object as this watch shows it. */
  render: (object: KubeObject) => string;
  /** Bookmark object of this watch at a resourceVersion. */
  bookmark: (resourceVersion: string, initialEventsEnd: boolean) => JsonObject;
  allowBookmarks: boolean;
  /** Events up to this resourceVersion are not sent; the future is silence. */
  after: number;
};

/** One open watch: a response that is written to until it ends. */
export class OpenWatch {
  readonly spec: WatchSpec;
  readonly #response: ServerResponse;
  #last: number;
  #over = false;

  constructor(spec: WatchSpec, response: ServerResponse) {
    this.spec = spec;
    this.#response = response;
    this.#last = spec.after;
  }

  /** A change of what the selector sees is shown as coming or going, as the API server does. */
  offer(event: StoreEvent, resourceVersion: number): void {
    if (resourceVersion <= this.#last) return;
    const { matches } = this.spec;
    const before = event.previous !== null && matches(event.previous);
    const after = event.type !== 'DELETED' && matches(event.object);
    if (before || after) {
      const type = after ? (before ? 'MODIFIED' : 'ADDED') : 'DELETED';
      this.send(type, this.spec.render(event.object));
    }
    this.#last = resourceVersion;
  }

  /** True once it was ended or cut; the socket may take a moment longer. */
  get over(): boolean {
    return this.#over || this.#response.destroyed;
  }

  send(type: string, objectText: string): void {
    if (this.over) return;
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) this.abort();
    else this.#response.write(`{"type":"${type}","object":${objectText}}\n`);
  }

  sendBookmark(resourceVersion: number, initialEventsEnd = false): void {
    this.send('BOOKMARK', JSON.stringify(this.spec.bookmark(String(resourceVersion), initialEventsEnd)));
  }

  /** An ERROR event with a Status, then a clean end. */
  fail(error: ApiError): void {
    this.send('ERROR', JSON.stringify(error.status()));
    this.end();
  }

  end(): void {
    this.#over = true;
    this.#response.end();
  }

  /** Cuts the connection in the middle. */
  abort(): void {
    this.#over = true;
    this.#response.destroy();
  }
}

/** 410 as the watch cache words it. */
export function watchExpired(resource: ResourceName, asked: number, oldest: number): ApiError {
  const message =
    resource === 'events'
      ? 'The resourceVersion for the provided watch is too old.'
      : `too old resource version: ${asked} (${oldest})`;
  return new ApiError(410, 'Expired', message);
}

/** All open watches of a cluster, fed by one subscription to the store. */
export class WatchHub {
  readonly #open = new Set<OpenWatch>();

  constructor(store: ObjectStore) {
    store.subscribe((resource, event) => {
      const resourceVersion = Number(event.object.metadata.resourceVersion);
      for (const watch of this.#open)
        if (watch.spec.resource === resource) watch.offer(event, resourceVersion);
    });
  }

  add(watch: OpenWatch): () => void {
    this.#open.add(watch);
    return () => this.#open.delete(watch);
  }

  /** Open watches that a fault rule names. */
  matching(test: (spec: WatchSpec) => boolean): OpenWatch[] {
    return [...this.#open].filter((watch) => !watch.over && test(watch.spec));
  }

  get size(): number {
    return this.matching(() => true).length;
  }

  /** SIGTERM of a real server: watches end cleanly. */
  endAll(): void {
    for (const watch of this.#open) watch.end();
  }
}
