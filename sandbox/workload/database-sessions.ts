import { Client } from 'pg';
import type { ClusterId, ServiceId } from '../topology';

type Session = { service: ServiceId; database: string; pauseMs: number; holdMs: number; query: string };

const list =
  'SELECT schemaname, relname, n_live_tup FROM pg_stat_user_tables WHERE n_live_tup > 100 ORDER BY n_dead_tup DESC LIMIT 20';
const settings =
  "SELECT name, setting FROM pg_settings WHERE category = 'Query Tuning / Other Planner Options'";
/** A query that takes its time without work for the machine. */
const report = 'SELECT pg_sleep(1.2), count(*) FROM pg_class WHERE relpages > 10';

/** More lines than these are not added to what the database was filled with. */
const addedLines = 20_000;
/** The service writes its audit log, so that a copy of it holds other rows than are there now. */
const write = `
  WITH gone AS (DELETE FROM fraiseql_audit_logs
    WHERE id > 40000 AND id <= (SELECT max(id) FROM fraiseql_audit_logs) - ${addedLines})
  INSERT INTO fraiseql_audit_logs SELECT max(id) + 1, 1 + max(id) % 400, 'write', 1 + max(id) % 900, now()
  FROM fraiseql_audit_logs`;

/** What pods of each service hold open: a short transaction, a moment in it, then a pause. */
const sessions: readonly Session[] = [
  { service: 'fraiseql-api', database: 'fraiseql', pauseMs: 3000, holdMs: 100, query: list },
  { service: 'fraiseql-api', database: 'fraiseql', pauseMs: 4100, holdMs: 150, query: settings },
  { service: 'fraiseql-api', database: 'fraiseql', pauseMs: 7300, holdMs: 0, query: report },
  { service: 'fraiseql-observers', database: 'observers', pauseMs: 5000, holdMs: 200, query: list },
  { service: 'fraiseql-observers', database: 'observers', pauseMs: 6100, holdMs: 0, query: settings },
  { service: 'architect-api', database: 'architect', pauseMs: 2900, holdMs: 100, query: list },
  { service: 'architect-api', database: 'architect', pauseMs: 3700, holdMs: 900, query: settings },
  { service: 'architect-api', database: 'architect', pauseMs: 5300, holdMs: 0, query: report },
  { service: 'architect-api', database: 'architect', pauseMs: 9700, holdMs: 0, query: write },
];

/** A pool opens what was cut at once, and what cannot be opened again and again. */
const AGAIN_MS = 200;
const RETRY_MS = 1000;

const keyOf = (cluster: string, service: string): string => `${cluster}/${service}`;

/**
 * Sessions of pods on the real databases, so that there is somebody to see; they end with the production. A service whose
 * database lets none of them in is without it, as `/ready` of a real one would say.
 */
export class DatabaseSessions {
  readonly #urls: ReadonlyMap<ClusterId, string>;
  readonly #stop = new AbortController();
  /** Of each service in a cluster: which of its sessions could not be opened when it was last tried. */
  readonly #shut = new Map<string, Set<Session>>();
  readonly #away = new Set<string>();
  readonly #listeners: ((cluster: ClusterId) => void)[] = [];
  #running: Promise<void>[] = [];

  constructor(urls: ReadonlyMap<ClusterId, string>) {
    this.#urls = urls;
  }

  start(): void {
    this.#running = [...this.#urls].flatMap(([cluster, url]) =>
      sessions.map((one) => this.#keep(cluster, url, one)),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** Whether no session of the service gets into its database there. */
  isAway(cluster: ClusterId, service: ServiceId): boolean {
    return this.#away.has(keyOf(cluster, service));
  }

  /** `listener` hears of each cluster in which a service lost its database or has it again. */
  onChange(listener: (cluster: ClusterId) => void): void {
    this.#listeners.push(listener);
  }

  async #keep(cluster: ClusterId, serverUrl: string, session: Session): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const wasOpen = await this.#hold(cluster, serverUrl, session);
      await this.#pause(wasOpen ? AGAIN_MS : RETRY_MS);
    }
  }

  /** Until the connection breaks or the production ends; false when there never was one. */
  async #hold(cluster: ClusterId, serverUrl: string, session: Session): Promise<boolean> {
    const { service, database, pauseMs, holdMs, query } = session;
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    const client = new Client({
      connectionString: url.href,
      application_name: service,
      connectionTimeoutMillis: 2000,
      query_timeout: 10_000,
    });
    const broken = new AbortController();
    client.on('error', () => broken.abort());
    let isOpen = false;
    try {
      await client.connect();
      isOpen = true;
      this.#tell(cluster, session, true);
      while (!this.#stop.signal.aborted && !broken.signal.aborted) {
        await client.query('BEGIN');
        await client.query(query);
        await this.#pause(holdMs, broken.signal);
        await client.query('COMMIT');
        await this.#pause(pauseMs, broken.signal);
      }
    } catch {
      // A server that is away is met again after a pause.
      if (!isOpen && !this.#stop.signal.aborted) this.#tell(cluster, session, false);
    } finally {
      await client.end().catch(() => undefined);
    }
    return isOpen;
  }

  #tell(cluster: ClusterId, session: Session, isOpen: boolean): void {
    const key = keyOf(cluster, session.service);
    const shut = this.#shut.get(key) ?? new Set();
    this.#shut.set(key, shut);
    if (isOpen) shut.delete(session);
    else shut.add(session);
    const isAway = shut.size === sessions.filter(({ service }) => service === session.service).length;
    if (isAway === this.#away.has(key)) return;
    if (isAway) this.#away.add(key);
    else this.#away.delete(key);
    for (const listener of this.#listeners) listener(cluster);
  }

  #pause(ms: number, broken?: AbortSignal): Promise<void> {
    const signal = broken === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, broken]);
    return new Promise((resolve) => {
      if (signal.aborted || ms === 0) return resolve();
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
