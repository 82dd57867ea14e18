import { Client } from 'pg';
import { appServices, type ClusterId } from '../topology';
import { type DatabaseFacts, databaseAt } from './exporters';

const INTERVAL_MS = 5000;

type Seen = { up: boolean; connections: number; maxConnections: number };

/** Asks the real database of each cluster every 5 s; clusters without one get figures by the clock. */
export class DatabaseWatch {
  readonly #urls: ReadonlyMap<ClusterId, string>;
  readonly #seen = new Map<ClusterId, Seen>();
  #timer: NodeJS.Timeout | null = null;
  #asking: Promise<void> = Promise.resolve();

  constructor(urls: ReadonlyMap<ClusterId, string>) {
    this.#urls = urls;
  }

  start(): void {
    if (this.#urls.size === 0) return;
    this.#asking = this.#askAll();
    this.#timer = setInterval(() => {
      this.#asking = this.#asking.then(() => this.#askAll());
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#asking;
  }

  /** Null when the database does not answer. The pods' connections, by the clock, come on top of those of others. */
  facts(cluster: ClusterId, service: string, nowMs: number): DatabaseFacts {
    const usual = databaseAt(service, nowMs);
    if (!this.#urls.has(cluster)) return usual;
    const seen = this.#seen.get(cluster);
    if (!seen?.up) return seen ? null : usual;
    return {
      ...usual,
      connections: usual.connections + seen.connections,
      maxConnections: seen.maxConnections,
    };
  }

  async #askAll(): Promise<void> {
    for (const [cluster, url] of this.#urls) this.#seen.set(cluster, await ask(url));
  }
}

async function ask(url: string): Promise<Seen> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 });
  // A connection that breaks later is reported by the next question, not by an event.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ connections: number; limit: number }>(
      `SELECT count(*)::int AS connections, current_setting('max_connections')::int AS limit
         FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND application_name <> ALL ($1::text[])`,
      [appServices.map(({ id }) => id)],
    );
    return { up: true, connections: rows[0]?.connections ?? 0, maxConnections: rows[0]?.limit ?? 100 };
  } catch {
    return { up: false, connections: 0, maxConnections: 0 };
  } finally {
    await client.end().catch(() => undefined);
  }
}
