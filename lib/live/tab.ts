import type { LogLine } from '@/lib/logs/contract';
import { type EventStream, LiveConnection } from './connection';
import type { LiveEvent } from './contract';
import { type LiveState, MeshMessage, tabSilenceMs, unionOf, type Wants } from './mesh';

export type LinesListener = (lines: LogLine[], dropped: number) => void;
export type TailHandlers = { onLines: LinesListener; onEnd?: ((message: string) => void) | undefined };

/** What a tab needs of its browser; tests give their own. */
export type TabWorld = {
  channel: Pick<BroadcastChannel, 'postMessage' | 'close'> & {
    onmessage: ((message: { data: unknown }) => void) | null;
  };
  /** Runs `lead` when this tab is the leader; leadership ends when the promise does or the signal aborts. */
  elect: (lead: () => Promise<void>, signal: AbortSignal) => void;
  open: (tails: readonly { id: string; query: string }[]) => EventStream;
  isVisible: () => boolean;
  now: () => number;
};

const gatherMs = 50;
const announceMs = 30_000;
/** With no tab in sight for this long the stream is closed, so that a forgotten page idles. */
const hiddenMs = 60_000;

/** One tab of the mesh: it follows the leader's stream or holds it for all. */
export class LiveTab {
  state: LiveState = 'connecting';
  private readonly id: string;
  private readonly world: TabWorld;
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly stateListeners = new Set<(state: LiveState) => void>();
  private readonly tails = new Map<string, Set<TailHandlers>>();
  private readonly stop = new AbortController();
  private readonly announcing: ReturnType<typeof setInterval>;
  private leading: Leadership | undefined;

  constructor(id: string, world: TabWorld) {
    this.id = id;
    this.world = world;
    world.channel.onmessage = ({ data }) => {
      const message = MeshMessage.safeParse(data);
      if (message.success) this.hear(message.data);
    };
    this.announcing = setInterval(() => this.announce(), announceMs);
    this.announce();
    world.elect(() => this.lead(), this.stop.signal);
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onState(listener: (state: LiveState) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Follows a log query; the answer ends it. */
  addTail(query: string, handlers: TailHandlers): () => void {
    const known = this.tails.get(query) ?? new Set();
    known.add(handlers);
    this.tails.set(query, known);
    this.announce();
    return () => {
      known.delete(handlers);
      if (known.size === 0 && this.tails.get(query) === known) this.tails.delete(query);
      this.announce();
    };
  }

  /** Tells the leader what this tab wants; also when it comes in sight or goes out of it. */
  announce(): void {
    if (this.stop.signal.aborted) return;
    this.send({
      kind: 'wants',
      tab: this.id,
      queries: [...this.tails.keys()],
      visible: this.world.isVisible(),
    });
  }

  close(): void {
    if (this.stop.signal.aborted) return;
    this.send({ kind: 'bye', tab: this.id });
    clearInterval(this.announcing);
    this.leading?.close();
    this.stop.abort();
    this.world.channel.close();
  }

  private lead(): Promise<void> {
    const leading = new Leadership(this.world, (message) => this.send(message));
    this.leading = leading;
    this.send({ kind: 'who' });
    return leading.ended;
  }

  /** To the other tabs, and to this one as if it had come from outside. */
  private send(message: MeshMessage): void {
    this.world.channel.postMessage(message);
    this.hear(message);
  }

  private hear(message: MeshMessage): void {
    this.leading?.hear(message);
    switch (message.kind) {
      case 'event':
        for (const listener of this.listeners) listener(message.event);
        return;
      case 'lines':
        for (const { onLines } of this.tails.get(message.query) ?? [])
          onLines(message.lines, message.dropped);
        return;
      case 'tail-ended':
        for (const { onEnd } of this.tails.get(message.query) ?? []) onEnd?.(message.message);
        return;
      case 'state':
        if (this.state === message.state) return;
        this.state = message.state;
        for (const listener of this.stateListeners) listener(message.state);
        return;
      case 'who':
        this.announce();
        return;
      default:
    }
  }
}

/** The leader's part: the wishes of all tabs, and the one stream. */
class Leadership {
  readonly ended: Promise<void>;
  private end: () => void = () => {};
  private readonly tabs = new Map<string, Wants>();
  private readonly ids = new Map<string, string>();
  private connection: LiveConnection | undefined;
  private followed: string | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private state: LiveState = 'connecting';
  private readonly world: TabWorld;
  private readonly send: (message: MeshMessage) => void;

  constructor(world: TabWorld, send: (message: MeshMessage) => void) {
    this.world = world;
    this.send = send;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  hear(message: MeshMessage): void {
    if (message.kind === 'bye') this.tabs.delete(message.tab);
    else if (message.kind === 'wants') {
      const isNew = !this.tabs.has(message.tab);
      const { queries, visible } = message;
      this.tabs.set(message.tab, { queries, visible, heardAt: this.world.now() });
      if (isNew) this.send({ kind: 'state', state: this.state });
    } else return;
    this.gathering ??= setTimeout(() => this.apply(), gatherMs);
  }

  close(): void {
    clearTimeout(this.gathering);
    clearTimeout(this.hiding);
    this.connection?.close();
    this.connection = undefined;
    this.end();
  }

  private apply(): void {
    this.gathering = undefined;
    const limit = this.world.now() - tabSilenceMs;
    for (const [tab, { heardAt }] of this.tabs) if (heardAt < limit) this.tabs.delete(tab);
    const seen = [...this.tabs.values()].some(({ visible }) => visible);
    if (seen) {
      clearTimeout(this.hiding);
      this.hiding = undefined;
    } else if (this.connection !== undefined) {
      this.hiding ??= setTimeout(() => this.rest(), hiddenMs);
      return;
    } else return;
    this.follow();
  }

  private rest(): void {
    this.hiding = undefined;
    this.connection?.close();
    this.connection = undefined;
    this.followed = undefined;
    this.tell('connecting');
  }

  private follow(): void {
    const { followed, refused } = unionOf(this.tabs);
    for (const query of refused) {
      const message = 'Five log tails are open in this browser already; close one first.';
      this.send({ kind: 'tail-ended', query, message });
    }
    const key = JSON.stringify(followed);
    if (this.connection !== undefined && key === this.followed) return;
    this.followed = key;
    this.connection ??= new LiveConnection({
      open: (queries) => this.world.open(queries.map((query) => ({ id: this.idOf(query), query }))),
      onEvent: (event) => this.pass(event),
      onState: (state) => this.tell(state),
    });
    this.connection.follow(followed);
  }

  private idOf(query: string): string {
    const known = [...this.ids].find(([, one]) => one === query)?.[0];
    if (known !== undefined) return known;
    const id = `t${this.ids.size + 1}`;
    this.ids.set(id, query);
    return id;
  }

  private tell(state: LiveState): void {
    this.state = state;
    this.send({ kind: 'state', state });
  }

  private pass(event: LiveEvent): void {
    if (event.type !== 'tail' && event.type !== 'tail-ended') {
      this.send({ kind: 'event', event });
      return;
    }
    const query = this.ids.get(event.tail);
    if (query === undefined) return;
    this.send(
      event.type === 'tail'
        ? { kind: 'lines', query, lines: event.lines, dropped: event.dropped }
        : { kind: 'tail-ended', query, message: event.message },
    );
  }
}
