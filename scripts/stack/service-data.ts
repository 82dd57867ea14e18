import { Client } from 'pg';
import type { databaseNames } from '@/sandbox/demo/databases';

/** Tables and rows of each service, some megabytes in all; the same each time, since nothing in them is random. */
const seeds: Record<(typeof databaseNames)[number], string> = {
  fraiseql: `
    CREATE TABLE tb_user (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE,
      name text NOT NULL, created_at timestamptz NOT NULL);
    CREATE TABLE tb_post (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author int NOT NULL REFERENCES tb_user,
      title text NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL);
    CREATE INDEX ON tb_post (author, created_at);
    CREATE VIEW v_user AS SELECT id, name, jsonb_build_object('id', id, 'name', name, 'email', email) AS data FROM tb_user;
    INSERT INTO tb_user (email, name, created_at)
      SELECT 'user' || n || '@example.com', 'User ' || n, timestamptz '2026-01-01' + n * interval '1 min'
      FROM generate_series(1, 5000) n;
    INSERT INTO tb_post (author, title, body, created_at)
      SELECT 1 + n % 5000, 'Post ' || n, repeat(md5(n::text), 6), timestamptz '2026-01-01' + n * interval '30 s'
      FROM generate_series(1, 30000) n;`,
  observers: `
    CREATE TABLE observer_checkpoints (listener text PRIMARY KEY, position bigint NOT NULL, created_at timestamptz NOT NULL);
    CREATE TABLE observer_events (id bigint PRIMARY KEY, kind text NOT NULL, payload jsonb NOT NULL, at timestamptz NOT NULL);
    CREATE INDEX ON observer_events (kind, at);
    INSERT INTO observer_checkpoints
      SELECT 'listener-' || n, n * 1000, timestamptz '2026-11-01' + n * interval '1 min' FROM generate_series(1, 12) n;
    INSERT INTO observer_events
      SELECT n, (ARRAY['created', 'updated', 'deleted'])[1 + n % 3], jsonb_build_object('n', n, 'hash', md5(n::text)),
        timestamptz '2026-10-01' + n * interval '1 min'
      FROM generate_series(1, 25000) n;`,
  architect: `
    CREATE TABLE tb_project (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE,
      budget numeric(12, 2) CHECK (budget >= 0));
    CREATE TABLE fraiseql_audit_logs (id bigint PRIMARY KEY, project int NOT NULL REFERENCES tb_project,
      event_type text NOT NULL, user_id int NOT NULL, timestamp timestamptz NOT NULL);
    CREATE INDEX ON fraiseql_audit_logs (user_id, timestamp);
    INSERT INTO tb_project (name, budget) SELECT 'Project ' || n, n * 125.5 FROM generate_series(1, 400) n;
    INSERT INTO fraiseql_audit_logs
      SELECT n, 1 + n % 400, (ARRAY['login', 'read', 'write', 'export'])[1 + n % 4], 1 + n % 900,
        timestamptz '2026-09-01' + n * interval '40 s'
      FROM generate_series(1, 40000) n;`,
};

/** Fills a database once: what is there already stays as it is. */
export async function seedDatabase(url: string, database: keyof typeof seeds): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ empty: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS empty`,
    );
    // In one transaction: a start that breaks off leaves none of it.
    if (rows[0]?.empty === true) await client.query(`BEGIN; ${seeds[database]} COMMIT; ANALYZE`);
  } finally {
    await client.end();
  }
}
