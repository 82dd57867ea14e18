import 'server-only';
import type { Person } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { messageOf, OpsError } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import { now, sleep } from '@/lib/core/time';
import { database } from '@/lib/db/client';
import { changesPoll } from '@/lib/service/changes';
import { recordedPoll } from '@/lib/service/recorded';
import { pulledPoll } from '@/lib/service/stopped';
import { clusterEvents } from '@/lib/sources/kubernetes/clusters';
import type { LiveEvent } from './contract';
import { DatabaseListener, type Told } from './listener';
import { livingSessions } from './sessions';
import { sourceStates, sourcesKey } from './sources';
import { LiveStream } from './stream';
import { TailBuffer } from './tail-buffer';
import { Tails } from './tails';

type Changed = Extract<LiveEvent, { type: 'changed' }>;
type Topic = Changed['topic'];

export type HubOptions = {
  connectionString?: string;
  perUser?: number;
  all?: number;
  /** The roles of those of the sessions that still count. */
  living?: (sessionIds: string[]) => Promise<Map<string, string[]>>;
};

const lifetimeMs = 15 * 60_000;
const tickMs = 5000;
/** Changes that come in a burst are told once. */
const gatherMs = 50;
const topics: readonly Topic[] = ['cluster', 'change', 'plan', 'audit', 'status', 'account', 'alerts'];

/** What the database told, as browsers know it; null for what concerns the worker alone. */
export function changedBy({ topic, key }: Told): Changed | null {
  const known = topics.find((one) => one === topic);
  if (known === undefined || known === 'cluster' || known === 'alerts') return null;
  const named = known === 'change' && /^\d+$/.test(key) ? changeId(Number(key)) : key;
  return { type: 'changed', topic: known, key: named };
}

/**
 * Tells every open browser what changed: the database's notifications, the clusters' watches, the alerts and
 * the state of the sources. One per process.
 */
export class LiveHub {
  private readonly config: Config;
  private readonly options: Required<Omit<HubOptions, 'connectionString'>>;
  private readonly streams = new Set<LiveStream>();
  private readonly listener: DatabaseListener;
  private readonly tails: Tails;
  private readonly gathered = new Map<string, Changed>();
  private gathering: NodeJS.Timeout | undefined;
  private toldSources = '';
  private toldSourcesAt = 0;
  private readonly ticker: NodeJS.Timeout;
  private readonly onCluster = (cluster: string, namespace: string): void =>
    this.tell({ type: 'changed', topic: 'cluster', key: `${cluster}/${namespace}` });

  constructor(config: Config, options: HubOptions = {}) {
    this.config = config;
    this.options = {
      perUser: 4,
      all: 500,
      living: (sessionIds) => livingSessions(database(), sessionIds, config.access.sessionIdle),
      ...options,
    };
    this.tails = new Tails(config.sources.loki);
    this.listener = new DatabaseListener({
      onTold: (told) => this.hear(told),
      onGap: () => this.tellAll(),
      ...(options.connectionString === undefined ? {} : { connectionString: options.connectionString }),
    });
    this.listener.start();
    clusterEvents().on('changed', this.onCluster);
    globalThis.signalboxAlertsChanged = () => this.tell({ type: 'changed', topic: 'alerts', key: '' });
    this.ticker = setInterval(() => this.tick(), tickMs);
  }

  /** Opens a stream. Throws OpsError `limit` when this person or this process has too many. */
  open(person: Person, wanted: readonly { id: string; query: string }[]): LiveStream {
    const own = [...this.streams].filter((stream) => stream.person.id === person.id);
    if (own.length >= this.options.perUser || this.streams.size >= this.options.all) {
      throw new OpsError('limit', 'Too many event streams are open.', {
        next: 'The page goes on by asking every few seconds; close a browser to get its stream.',
      });
    }
    const stream = new LiveStream(person, lifetimeMs * (0.9 + Math.random() / 10));
    this.streams.add(stream);
    stream.onEnd(() => this.streams.delete(stream));
    stream.send({ type: 'hello', at: now().toISOString() });
    stream.send({ type: 'sources', sources: sourceStates(this.config, this.listener) });
    for (const tail of wanted) this.follow(stream, tail);
    return stream;
  }

  private follow(stream: LiveStream, { id, query }: { id: string; query: string }): void {
    const buffer = new TailBuffer((lines, dropped) =>
      stream.send({ type: 'tail', tail: id, lines, dropped }),
    );
    const leave = this.tails.join(query, {
      onLines: (lines, dropped) => buffer.add(lines, dropped),
      onEnd: (message) => stream.send({ type: 'tail-ended', tail: id, message }),
    });
    stream.onEnd(() => {
      buffer.close();
      leave();
    });
  }

  private hear(told: Told): void {
    if (told.topic === 'session' || told.topic === 'account') void this.checkSessions();
    const changed = changedBy(told);
    if (changed !== null) this.tell(changed);
  }

  /** After a gap everything may have changed; browsers fetch what they show. */
  private tellAll(): void {
    for (const topic of topics) this.tell({ type: 'changed', topic, key: '' });
    void this.checkSessions();
  }

  tell(event: Changed): void {
    this.gathered.set(`${event.topic}:${event.key}`, event);
    this.gathering ??= setTimeout(() => void this.flush(), gatherMs);
  }

  /** What is composed in the background is read again first, so that a browser that asks at once sees it. */
  private async flush(): Promise<void> {
    this.gathering = undefined;
    const events = [...this.gathered.values()];
    this.gathered.clear();
    const touched = new Set(events.map(({ topic }) => topic));
    const reads = [
      ...(touched.has('change') ? [changesPoll(this.config).refresh()] : []),
      ...(touched.has('audit') || touched.has('change')
        ? [recordedPoll().refresh(), pulledPoll().refresh()]
        : []),
    ];
    if (reads.length > 0) await Promise.race([Promise.all(reads), sleep(1000)]);
    for (const stream of this.streams) {
      for (const event of events) stream.send(event);
    }
  }

  private tick(): void {
    if (this.streams.size === 0) return;
    void this.checkSessions();
    const sources = sourceStates(this.config, this.listener);
    const key = sourcesKey(sources);
    // Ages alone are told every 10 s; a state that turned, at the next tick.
    if (key === this.toldSources && now().getTime() - this.toldSourcesAt < 2 * tickMs - 500) return;
    this.toldSources = key;
    this.toldSourcesAt = now().getTime();
    for (const stream of this.streams) stream.send({ type: 'sources', sources });
  }

  /** Ends the streams of sessions that ended, and of people whose roles changed: they come back anew. */
  async checkSessions(): Promise<void> {
    const ids = [...new Set([...this.streams].map(({ person }) => person.sessionId))];
    if (ids.length === 0) return;
    try {
      const living = await this.options.living(ids);
      for (const stream of this.streams) {
        const { sessionId, roles } = stream.person;
        if (ids.includes(sessionId) && !sameRoles(living.get(sessionId), roles)) stream.close();
      }
    } catch (error) {
      // Without the database no route answers a stranger either; the streams tell only what to fetch.
      logger('web').warn({ error: messageOf(error) }, 'the sessions of open streams could not be checked');
    }
  }

  get size(): number {
    return this.streams.size;
  }

  async close(): Promise<void> {
    clearInterval(this.ticker);
    clearTimeout(this.gathering);
    clusterEvents().off('changed', this.onCluster);
    for (const stream of this.streams) stream.close();
    this.tails.close();
    await this.listener.close();
  }
}

const sameRoles = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  a !== undefined && [...a].sort().join() === [...b].sort().join();

declare global {
  var signalboxLive: LiveHub | undefined;
}

/** The hub of this process. At SIGTERM it ends its streams: an open one would hold the exit back. */
export function liveHub(config: Config): LiveHub {
  if (globalThis.signalboxLive === undefined) {
    const hub = new LiveHub(config);
    globalThis.signalboxLive = hub;
    process.once('SIGTERM', () => void hub.close());
  }
  return globalThis.signalboxLive;
}
