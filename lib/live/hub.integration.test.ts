import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person, Role } from '@/lib/access/model';
import { newId } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { clusterEvents } from '@/lib/sources/kubernetes/clusters';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import type { LiveEvent } from './contract';
import { LiveHub } from './hub';
import { openStream } from './open-stream';
import { livingSessions } from './sessions';

let database: TestDatabase;
let db: Database;
let hub: LiveHub;
const config = testConfig();

beforeAll(async () => {
  database = await testDatabase();
  process.env['DATABASE_URL'] = database.url;
  db = createDatabase(database.url, 3);
  hub = new LiveHub(config, {
    connectionString: database.url,
    perUser: 2,
    living: (ids) => livingSessions(db, ids, 3600),
  });
});
afterAll(async () => {
  await hub.close();
  await db.$disconnect();
  await globalThis.signalboxDatabase?.$disconnect();
  await database.drop();
});

async function person(roles: Role[] = ['sre']): Promise<Person> {
  const email = `${newId()}@example.com`;
  const user = await db.user.create({ data: { email, name: 'Ada' } });
  for (const role of roles) await db.roleGrant.create({ data: { userId: user.id, role, grantedBy: 'test' } });
  const expiresAt = new Date(Date.now() + 3_600_000);
  const session = await db.session.create({ data: { userId: user.id, expiresAt } });
  return { kind: 'person', id: user.id, name: 'Ada', email, roles, sessionId: session.id };
}

/** Reads a stream as a browser does. `until` resolves with the first event that fits; `ended` at its end. */
function read(response: Response) {
  const events: LiveEvent[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n')) {
        const block = text.slice(0, at);
        text = text.slice(at + 2);
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) events.push(JSON.parse(data.slice(6)));
      }
      for (const wake of waiting) wake();
    }
  })();
  const until = async (fits: (event: LiveEvent) => boolean): Promise<LiveEvent> => {
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  };
  return { events, until, ended };
}

const open = (who: Person, tails?: string, signal = new AbortController().signal) =>
  openStream(config, { person: who, tails, signal }, hub);

const isChange = (topic: string, key: string) => (event: LiveEvent) =>
  event.type === 'changed' && event.topic === topic && event.key === key;

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(text);
  await client.end();
}

test('greets, names the sources, and tells what the database and the clusters tell', async () => {
  const response = open(await person());
  expect(response.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('Cache-Control')).toBe('no-cache, no-transform');
  expect(response.headers.get('X-Accel-Buffering')).toBe('no');
  const stream = read(response);
  await stream.until(({ type }) => type === 'hello');
  const sources = await stream.until(({ type }) => type === 'sources');
  expect(sources.type === 'sources' && sources.sources.map(({ kind }) => kind)).toEqual([
    'prometheus',
    'alertmanager',
    'cluster',
    'database',
  ]);
  await sql(`SELECT pg_notify('signalbox', 'change:214')`);
  await stream.until(isChange('change', 'c-214'));
  await sql(
    `INSERT INTO status_message (title, impact, state, components) VALUES ('x', 'none', 'resolved', '{}')`,
  );
  await stream.until((event) => event.type === 'changed' && event.topic === 'status');
  clusterEvents().emit('changed', 'test', 'shop');
  await stream.until(isChange('cluster', 'test/shop'));
  await sql(`SELECT pg_notify('signalbox', 'outbox:')`);
  await sql(`SELECT pg_notify('signalbox', 'audit:')`);
  await stream.until(isChange('audit', ''));
  expect(stream.events.every((event) => event.type !== 'changed' || event.key !== 'outbox')).toBe(true);
});

test('a lost connection to the database is made again, and everything is named as changed', async () => {
  const stream = read(open(await person()));
  await stream.until(({ type }) => type === 'hello');
  await sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'signalbox-live' AND datname = current_database()`,
  );
  await stream.until(isChange('plan', ''));
  await sql(`SELECT pg_notify('signalbox', 'plan:p1')`);
  await stream.until(isChange('plan', 'p1'));
});

test('a revoked session and a withdrawn role each end the stream', async () => {
  const [revoked, demoted, kept] = [await person(), await person(['sre', 'cto']), await person()];
  const streams = [revoked, demoted, kept].map((who) => read(open(who)));
  await Promise.all(streams.map((stream) => stream.until(({ type }) => type === 'hello')));
  await db.session.update({ where: { id: revoked.sessionId }, data: { revokedAt: new Date() } });
  await streams[0]?.ended;
  await db.roleGrant.delete({ where: { userId_role: { userId: demoted.id, role: 'cto' } } });
  await streams[1]?.ended;
  await sql(`SELECT pg_notify('signalbox', 'plan:still')`);
  await streams[2]?.until(isChange('plan', 'still'));
});

test('the limit of streams, the tails parameter, and the end with the request', async () => {
  const who = await person();
  const abort = new AbortController();
  const first = read(open(who, undefined, abort.signal));
  open(who);
  expect(() => open(who)).toThrow('Too many event streams are open.');
  abort.abort();
  await first.ended;
  const again = read(open(who, '[{"id":"t1","query":"{a=\\"b\\"}"}]'));
  const ended = await again.until(({ type }) => type === 'tail-ended');
  expect(ended).toMatchObject({ tail: 't1', message: 'No Loki is configured.' });
  const other = await person();
  for (const tails of ['{', '{}', '[{"id":"x"}]', JSON.stringify(Array(6).fill({ id: 'a', query: 'b' }))]) {
    expect(() => open(other, tails)).toThrow('The tails are not a list of at most 5 queries with an id.');
  }
});
