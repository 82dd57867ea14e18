import { Client } from 'pg';
import type { ClusterId, ServiceId } from '../topology';

type Session = { service: ServiceId; database: string; pauseMs: number; holdMs: number; query: string };

const list =
  'SELECT schemaname, relname, n_live_tup FROM pg_stat_user_tables WHERE n_live_tup > 100 ORDER BY n_dead_tup DESC LIMIT 20';
const settings =
  "SELECT name, setting FROM pg_settings WHERE category = 'Query Tuning / Other Planner Options'";
/** A query that takes its time without work for the machine. */
const report = 'SELECT pg_sleep(1.2), count(*) FROM pg_class WHERE relpages > 10';

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
  { service: 'architect-api', database: 'architect', pauseMs: 9700, holdMs: 0, query: list },
];

/** After a server went away, or before its database is there. */
const RETRY_MS = 3000;

/** Sessions of pods on the real databases, so that there is somebody to see; they end with the production. */
export class DatabaseSessions {
  readonly #urls: ReadonlyMap<ClusterId, string>;
  readonly #stop = new AbortController();
  #running: Promise<void>[] = [];

  constructor(urls: ReadonlyMap<ClusterId, string>) {
    this.#urls = urls;
  }

  start(): void {
    this.#running = [...this.#urls.values()].flatMap((url) => sessions.map((one) => this.#keep(url, one)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #keep(serverUrl: string, session: Session): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#hold(serverUrl, session);
      await this.#pause(RETRY_MS);
    }
  }

  /** Until the connection breaks or the production ends. */
  async #hold(serverUrl: string, { service, database, pauseMs, holdMs, query }: Session): Promise<void> {
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    const client = new Client({
      connectionString: url.href,
      application_name: service,
      connectionTimeoutMillis: 2000,
      query_timeout: 10_000,
    });
    // What breaks is seen by the next query.
    client.on('error', () => undefined);
    try {
      await client.connect();
      while (!this.#stop.signal.aborted) {
        await client.query('BEGIN');
        await client.query(query);
        await this.#pause(holdMs);
        await client.query('COMMIT');
        await this.#pause(pauseMs);
      }
    } catch {
      // A server that is away is met again after a pause.
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
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
