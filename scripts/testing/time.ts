import { Client } from 'pg';

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the database's clock movable: app.now() becomes the function of the migrations plus an offset row.
 * It is replaced in place, so that column defaults and triggers that call it move too.
 */
export async function makeShiftable(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ definition: string | null }>(
      `SELECT pg_get_functiondef(to_regprocedure('app.now()')) AS definition`,
    );
    const definition = rows[0]?.definition;
    if (!definition) return;
    await client.query(definition.replace(/FUNCTION\s+app\.now\(\)/, 'FUNCTION app.unshifted_now()'));
    await client.query(`
      CREATE TABLE app.time_shift (by interval NOT NULL);
      INSERT INTO app.time_shift VALUES ('0 ms');
      CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql VOLATILE
        AS 'SELECT app.unshifted_now() + (SELECT by FROM app.time_shift)';
      GRANT SELECT ON app.time_shift TO PUBLIC;`);
  });
}

/** Moves the database's clock of a test database `ms` milliseconds on (back when negative); calls add up. */
export async function shiftTime(url: string, ms: number): Promise<void> {
  await withClient(url, async (client) => {
    const moved = await client.query(
      `UPDATE app.time_shift SET by = by + $1::double precision * interval '1 ms'`,
      [ms],
    );
    if (moved.rowCount !== 1)
      throw new Error('This database has no movable clock: it is not a test database.');
  });
}
