import { afterAll, beforeAll, expect, test } from 'vitest';
import { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import { person } from '../fleet/testing/room';
import { sloPageView } from '../page/view';
import { Recorder } from './recorder';
import { listGroups, readProgress, readSums } from './store';
import { busy, metric, respond } from './testing/native-server';

const never = new AbortController().signal;
let server: AnswerServer;
let database: TestDatabase;
let db: Database;
let config: Config;

/** Week after week of the recorded histogram, as a server of 3.5.3 answers. */
beforeAll(async () => {
  [server, database] = await Promise.all([answerServer((seen) => respond(seen)), testDatabase()]);
  db = createDatabase(database.url);
  config = Config.parse({
    ...testConfigInput({ kubeconfig: '/none', prometheus: server.url }),
    slos: [
      {
        id: 'fast',
        service: 'fraiseql-api',
        name: 'Fast',
        objective: '85',
        window: '7d',
        scope: 'written',
        groupBy: ['handler'],
        indicator: {
          kind: 'latency-native',
          histogram: { metric },
          below: `${Number(busy.below) * 1000}ms`,
        },
      },
    ],
  });
  process.env['DATABASE_URL'] = database.url;
  globalThis.signalboxDatabase = undefined;
});
afterAll(async () => {
  for (const poll of globalThis.signalboxFleets?.values() ?? []) poll.close();
  globalThis.signalboxFleets = undefined;
  globalThis.signalboxSloPages = undefined;
  await globalThis.signalboxDatabase?.$disconnect();
  globalThis.signalboxDatabase = undefined;
  await db.$disconnect();
  await server.stop();
  await database.drop();
});

test('the recorder keeps estimates of every day, and the page says what they are', async () => {
  const recorder = new Recorder({ db, config, workerId: 'a', everySeconds: 0 });
  expect(await recorder.tick(never)).toBe(1);
  expect(await recorder.backfill(never)).toBe(true);
  const [progress] = await readProgress(db);
  expect(progress).toMatchObject({ problem: null, gaps: [] });
  expect(progress?.backfill.done).toBe(progress?.backfill.total);

  const groups = await listGroups(db, 'production');
  expect(groups.map(({ labels }) => labels['handler']).sort()).toEqual(['/-/ready', '/metrics']);
  const until = progress?.finalUntil ?? 0;
  const ids = groups.map(({ groupId }) => groupId);
  const sums = await readSums(db, ids, until - 6 * 86_400, until);
  const of = (handler: string) =>
    sums.get(groups.find(({ labels }) => labels['handler'] === handler)?.groupId ?? 0);
  // One observation in each five minutes, of which 90 % is within the bound: interpolated, so no whole numbers.
  expect(of('/metrics')).toMatchObject({
    counts: { total: 1728, good: expect.closeTo(1555.2, 6) },
    knownSeconds: 6 * 86_400,
    methods: ['estimated'],
  });
  expect(of('/-/ready')?.counts).toEqual({ good: 0, bad: 0, total: 0 });

  const ask = { slo: 'fast', environment: 'production', exclusions: 'on' } as const;
  const page = await sloPageView(config, ask, person);
  expect(page.definition.method).toContain('interpolated in the bucket of the histogram');
  expect(page.definition.indicator).toContain(`native histogram ${metric}`);
  if (page.data.state === 'missing') throw new Error('The page has no figures.');
  const { counted, fixed } = page.data.value;
  expect(counted.shares.map(({ method }) => method)).toEqual(['estimated']);
  expect(fixed.numbers.sli).toBeCloseTo(0.9, 6);
  expect(page.row.groups.map(({ labels, word }) => [labels['handler'], word])).toEqual(
    expect.arrayContaining([['/-/ready', 'no-traffic']]),
  );
});
