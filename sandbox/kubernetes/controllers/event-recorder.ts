import type { JsonObject, KubeObject, Store } from '../store';
import type { Clock, TimerHandle } from './clock';
import { textAt, timestampOf } from './read';

/** client-go's EventCorrelator: burst and refill of the spam filter, window and limit of the aggregator. */
const BURST = 25;
const REFILL_MS = 300_000;
const SIMILAR_WINDOW_MS = 600_000;
const SIMILAR_LIMIT = 10;

/** The API server's --event-ttl. */
const RETENTION_MS = 3_600_000;
const SWEEP_MS = 60_000;

type Bucket = { tokens: number; at: number };
type Similar = { messages: Set<string>; at: number };
type Source = { component: string; host?: string };
type Said = {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  source: Source;
  fieldPath?: string;
};

/**
 * Writes core/v1 Events as client-go does: equal ones raise `count`, more than ten alike become one
 * "(combined from similar events)", and an object gets 25 in a burst and then one in five minutes.
 */
export class EventRecorder {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #similar = new Map<string, Similar>();
  readonly #names = new Map<string, { namespace: string; name: string; at: number }>();
  #sweep: TimerHandle | null = null;
  #stopped = false;
  #sequence = 0;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  record(about: KubeObject, said: Said): void {
    const now = this.#clock.now();
    const who = `${said.source.component} ${said.source.host ?? ''} ${about.metadata.uid}`;
    const what = `${who} ${said.type} ${said.reason} ${said.fieldPath ?? ''}`;
    const combined = this.#isOneOfMany(what, said.message, now);
    const message = combined ? `(combined from similar events): ${said.message}` : said.message;
    if (!this.#spend(who, now)) return;
    const key = combined ? what : `${what} ${message}`;
    const known = this.#names.get(key);
    if (!known || !this.#repeat(known, message, now)) {
      const created = this.#create(about, { ...said, message }, now);
      this.#names.set(key, {
        namespace: created.metadata.namespace ?? 'default',
        name: created.metadata.name,
        at: now,
      });
    } else known.at = now;
    this.#arm();
  }

  /** The scheduler speaks events.k8s.io: microseconds in `eventTime`, no count, no first and last time. */
  recordOnce(about: KubeObject, reason: string, action: string, message: string, component: string): void {
    const now = this.#clock.now();
    const said: Said = {
      type: reason === 'Scheduled' ? 'Normal' : 'Warning',
      reason,
      message,
      source: { component },
    };
    const event = this.#body(about, said, now);
    this.#store.create('events', {
      ...event,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: `${new Date(now).toISOString().slice(0, 23)}000Z`,
      action,
      reportingComponent: component,
      reportingInstance: `${component}-control-plane`,
    });
    this.#arm();
  }

  /** Takes up the events that are there already, so that they are forgotten in time. */
  start(): void {
    if (this.#store.list('events').length > 0) this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#sweep !== null) this.#clock.clearTimeout(this.#sweep);
  }

  #isOneOfMany(key: string, message: string, now: number): boolean {
    let similar = this.#similar.get(key);
    if (!similar || now - similar.at > SIMILAR_WINDOW_MS) {
      similar = { messages: new Set(), at: now };
      this.#similar.set(key, similar);
    }
    similar.messages.add(message);
    similar.at = now;
    return similar.messages.size >= SIMILAR_LIMIT;
  }

  #spend(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key) ?? { tokens: BURST, at: now };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #repeat(known: { namespace: string; name: string }, message: string, now: number): boolean {
    return (
      this.#store.change('events', known.namespace, known.name, (event) => ({
        ...event,
        message,
        count: (typeof event['count'] === 'number' ? event['count'] : 0) + 1,
        lastTimestamp: timestampOf(now),
      })) !== null
    );
  }

  #create(about: KubeObject, said: Said, now: number): KubeObject {
    const event = this.#body(about, said, now);
    return this.#store.create('events', {
      ...event,
      source: { ...said.source },
      firstTimestamp: timestampOf(now),
      lastTimestamp: timestampOf(now),
      count: 1,
      eventTime: null,
      reportingComponent: said.source.component,
      reportingInstance: said.source.host ?? '',
    });
  }

  #body(about: KubeObject, said: Said, now: number) {
    const { metadata } = about;
    this.#sequence += 1;
    const stamp = (BigInt(Math.floor(now)) * 1_000_000n + BigInt(this.#sequence % 1_000_000)).toString(16);
    const involvedObject: JsonObject = {
      kind: about.kind,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      name: metadata.name,
      uid: metadata.uid,
      apiVersion: about.apiVersion,
      resourceVersion: metadata.resourceVersion,
      ...(said.fieldPath === undefined ? {} : { fieldPath: said.fieldPath }),
    };
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${metadata.name}.${stamp}`, namespace: metadata.namespace ?? 'default' },
      involvedObject,
      reason: said.reason,
      message: said.message,
      type: said.type,
    };
  }

  #arm(): void {
    if (this.#sweep === null && !this.#stopped) {
      this.#sweep = this.#clock.setTimeout(() => this.#forgetOld(), SWEEP_MS);
    }
  }

  #forgetOld(): void {
    this.#sweep = null;
    const oldest = this.#clock.now() - RETENTION_MS;
    let left = 0;
    for (const event of this.#store.list('events')) {
      const at =
        textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp;
      if (Date.parse(at) < oldest)
        this.#store.remove('events', event.metadata.namespace ?? null, event.metadata.name);
      else left += 1;
    }
    for (const map of [this.#buckets, this.#similar, this.#names]) {
      for (const [key, { at }] of map) if (at < oldest) map.delete(key);
    }
    if (left > 0) this.#arm();
  }
}
