import { expect } from 'vitest';
import { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import { countedFrom } from '../pieces';
import { Recorder } from '../recorder';
import { listGroups, type Progress, readBuckets, readProgress } from '../store';
import { type Past, writePast } from './past';
import { type RealPrometheus, realPrometheus } from './prometheus';

const [minute, hour, day] = [60, 3600, 86_400];
export const regions = ['us-east-1', 'eu-west-1'] as const;
/** The past reaches to now; the databases' clocks begin five hours earlier, so that time can pass. */
const end = Math.floor(Date.now() / 1000 / minute) * minute;
export const begin = end - 5 * hour;
/** The first scrape of all, just off a minute. */
export const firstScrape = end - 6 * day + 7;

export const never = new AbortController().signal;
/** Ends of 5-minute buckets are final ten minutes later. */
export const settled = (now: number): number => Math.floor((now - 600) / 300) * 300;

export type RecordedWorld = {
  prometheus: RealPrometheus;
  past: Past;
  configOf: (slo?: Record<string, unknown>) => Config;
  room: () => Promise<Room>;
};

/** A database whose clock stands at `begin`, and recorders of one objective by region. */
export type Room = {
  db: Database;
  database: TestDatabase;
  /** A recorder reads anew whenever it is told to, unless seconds between two readings are given. */
  recorder: (id?: string, everySeconds?: number) => Recorder;
  now: () => Promise<number>;
  progress: () => Promise<Progress>;
  /** What is recorded differently from what happened, by region and bucket, in (after, until]. */
  differences: (after: number, until: number, size?: 60 | 300) => Promise<string[]>;
  stop: () => Promise<void>;
};

/** A real Prometheus over a past that is known to the event. */
export async function recordedWorld(): Promise<RecordedWorld> {
  const past = writePast({
    from: firstScrape,
    to: end,
    seed: 7,
    regions,
    wildFrom: countedFrom(begin),
    gaps: [
      { from: begin - 30 * hour, to: begin - 29 * hour },
      { from: begin - 400, to: begin - 290 },
      { from: begin - 2 * day - 3 * hour, to: begin - 2 * day },
    ],
  });
  const prometheus = await realPrometheus(past.openMetrics);
  const configOf = (slo: Record<string, unknown> = {}) => {
    const input = testConfigInput({ kubeconfig: '/none', prometheus: prometheus.url });
    const objective = { id: 'fraiseql', service: 'fraiseql-api', name: 'Availability', objective: '99.9' };
    return Config.parse({ ...input, slos: [{ ...objective, window: '7d', ...slo }] });
  };
  const room = async (): Promise<Room> => {
    prometheus.behave('well');
    const database = await testDatabase();
    const db = createDatabase(database.url);
    await shiftTime(database.url, (begin - Date.now() / 1000) * 1000);
    return {
      db,
      database,
      recorder: (id = 'a', everySeconds = 0) =>
        new Recorder({ db, config: configOf(), workerId: id, everySeconds }),
      now: async () => (await databaseNow(db)).getTime() / 1000,
      progress: async () => {
        const [only, ...others] = await readProgress(db);
        expect(others).toEqual([]);
        if (only === undefined) throw new Error('There is no progress.');
        return only;
      },
      differences: (after, until, size = 60) => differences(db, past, { after, until, size }),
      stop: async () => {
        await db.$disconnect();
        await database.drop();
      },
    };
  };
  return { prometheus, past, configOf, room };
}

async function differences(
  db: Database,
  past: Past,
  { after, until, size }: { after: number; until: number; size: 60 | 300 },
): Promise<string[]> {
  const groups = await listGroups(db, 'production');
  expect(groups.map(({ labels }) => labels['region']).sort()).toEqual([...regions].sort());
  const ids = groups.map(({ groupId }) => groupId);
  const buckets = await readBuckets(db, ids, size, after, until);
  let compared = 0;
  const found = groups.flatMap(({ groupId, labels }) => {
    const truth = past.minutes.get(labels['region'] ?? '') ?? new Map();
    return (buckets.get(groupId) ?? []).flatMap(({ end: at, counts, method }) => {
      const expected = { good: 0, bad: 0, total: 0 };
      let known = false;
      for (let one = at - size + minute; one <= at; one += minute) {
        const happened = truth.get(one);
        if (happened === undefined) continue;
        known = true;
        expected.good += happened.good;
        expected.bad += happened.bad;
        expected.total += happened.total;
      }
      compared += 1;
      // A short gap does not make a minute unknown: the series was there, and nothing was counted.
      const same = known
        ? method === 'counted' && JSON.stringify(counts) === JSON.stringify(expected)
        : counts === null || counts.total === 0;
      return same
        ? []
        : [`${labels['region']} ${at}: ${JSON.stringify(counts)} not ${JSON.stringify(expected)}`];
    });
  });
  expect(compared).toBe(2 * (Math.ceil(until / size) - Math.floor(after / size)));
  return found;
}
