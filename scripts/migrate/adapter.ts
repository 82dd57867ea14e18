import crypto from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { QueryResult } from 'pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
export type Connection = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  max: 1;
};

/** Catalog type "char" (one byte), which the stock adapter refuses; the engine reads it from pg_constraint. */
const PG_CHAR = 18;
const PG_TEXT = 25;

/**
 * Separate fields on purpose: with a connection string `pg` would ignore the database of the shadow connection and
 * replay the migrations in the main one. One connection: the engine's lock and its scripts must share a session.
 */
export function connectionOf(url: string): Connection {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || '5432'),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    max: 1,
  };
}

/** The adapter, made fit for the schema engine: single-byte characters, and scripts with function bodies. */
function adapted(adapter: Adapter): Adapter {
  const pool = adapter.underlyingDriver();
  let characters: number[] = [];
  const stockQuery = adapter.queryRaw.bind(adapter);
  const poolQuery = pool.query;
  const query = async (...args: unknown[]) => {
    const result: QueryResult = await Reflect.apply(poolQuery, pool, args);
    characters = result.fields.flatMap((field, index) => (field.dataTypeID === PG_CHAR ? [index] : []));
    for (const index of characters) {
      const field = result.fields[index];
      if (field) field.dataTypeID = PG_TEXT;
    }
    return result;
  };
  Object.assign(pool, { query });
  adapter.queryRaw = async (input) => {
    const result = await stockQuery(input);
    for (const index of characters) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  // The stock one splits at every ';' and would cut function bodies in two.
  adapter.executeScript = async (script) => {
    await Reflect.apply(poolQuery, pool, [script]);
  };
  return adapter;
}

/** The driver of the schema engine. Its shadow database is dropped after its own connections are closed. */
export class MigrationAdapterFactory extends PrismaPg {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    super(connection);
    this.connection = connection;
  }

  override async connect(): Promise<Adapter> {
    return adapted(await super.connect());
  }

  override async connectToShadowDb(): Promise<Adapter> {
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const admin = await super.connect();
    await admin.underlyingDriver().query(`CREATE DATABASE "${database}"`);
    const shadow = adapted(await new PrismaPg({ ...this.connection, database }).connect());
    const close = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await close();
      await admin.underlyingDriver().query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await admin.dispose();
    };
    return shadow;
  }
}
