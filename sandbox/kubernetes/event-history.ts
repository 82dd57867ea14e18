import type { ResourceName, StoreEvent } from './store';

export type HistoryEntry = { resourceVersion: number; event: StoreEvent };

/**
 * The last events of every resource, so that a watch can start in the past. What falls out raises the
 * floor: a watch from below it must be told 410 Expired and list again.
 */
export class EventHistory {
  readonly #limit: number;
  readonly #entries = new Map<ResourceName, HistoryEntry[]>();
  readonly #floors = new Map<ResourceName, number>();
  #resetFloor = 1;

  /** `limit`: events kept per resource. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(resource: ResourceName, resourceVersion: number, event: StoreEvent): void {
    const entries = this.#entries.get(resource) ?? [];
    this.#entries.set(resource, entries);
    entries.push({ resourceVersion, event });
    // Trimmed in large steps: shifting one by one would copy the array at every write.
    if (entries.length > this.#limit * 1.25) {
      const dropped = entries.splice(0, entries.length - this.#limit);
      this.#floors.set(resource, dropped.at(-1)?.resourceVersion ?? this.#resetFloor);
    }
  }

  since(resource: ResourceName, resourceVersion: number): HistoryEntry[] | null {
    if (resourceVersion < this.floor(resource)) return null;
    const entries = this.#entries.get(resource) ?? [];
    const index = entries.findIndex((entry) => entry.resourceVersion > resourceVersion);
    return index < 0 ? [] : entries.slice(index);
  }

  floor(resource: ResourceName): number {
    return Math.max(this.#floors.get(resource) ?? 0, this.#resetFloor);
  }

  reset(floor: number): void {
    this.#entries.clear();
    this.#floors.clear();
    this.#resetFloor = floor;
  }
}
