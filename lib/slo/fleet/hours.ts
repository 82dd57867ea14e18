import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Bucket } from '../model';
import { readBuckets } from '../record/store';

const hour = 3600;
/** Hours are read for so many groups, and for so much time, in one query: enough to be quick, not to be large. */
const groupsAtOnce = 25;
const secondsAtOnce = 5 * 86_400;

/** The hours of a group in (from, until]; `stamp` says what of the past was filled in when they were read. */
type Kept = {
  stamp: string;
  from: number;
  until: number;
  good: Float64Array;
  bad: Float64Array;
  total: Float64Array;
};

export type WantedHours = { groupId: number; from: number; stamp: string };

/**
 * The hours of every group, kept in memory: they change only at their end, and where the recorder fills in the past.
 * An hour that is not known is NaN.
 */
export class HourStore {
  private readonly groups = new Map<number, Kept>();

  private filling: Promise<void> | undefined;

  /** Whether the hours of all these groups were read, as they are with this stamp. */
  has(groupIds: readonly number[], stamp: string): boolean {
    return groupIds.every((id) => this.groups.get(id)?.stamp === stamp);
  }

  /** Reads what is missing, one at a time: what is asked for meanwhile waits for the next turn. */
  fill(db: DatabaseOrTransaction, wanted: readonly WantedHours[], until: number): Promise<void> {
    this.filling ??= this.readMissing(db, wanted, until).finally(() => {
      this.filling = undefined;
    });
    return this.filling;
  }

  /** Reads what is missing up to `until`, a whole hour, and the two hours before it again for late samples. */
  private async readMissing(
    db: DatabaseOrTransaction,
    wanted: readonly WantedHours[],
    until: number,
  ): Promise<void> {
    const missing: WantedHours[] = [];
    const late: WantedHours[] = [];
    for (const one of wanted) {
      const from = Math.floor(one.from / hour) * hour;
      const kept = this.groups.get(one.groupId);
      if (kept === undefined || kept.stamp !== one.stamp || kept.from > from) missing.push({ ...one, from });
      else if (kept.until < until) late.push({ ...one, from: kept.until - 2 * hour });
    }
    const ids = new Set(wanted.map(({ groupId }) => groupId));
    for (const id of this.groups.keys()) if (!ids.has(id)) this.groups.delete(id);
    const first = new Map(wanted.map(({ groupId, from }) => [groupId, Math.floor(from / hour) * hour]));
    await this.read(db, missing, until, first);
    await this.read(db, late, until, first);
  }

  private async read(
    db: DatabaseOrTransaction,
    wanted: readonly WantedHours[],
    until: number,
    first: ReadonlyMap<number, number>,
  ): Promise<void> {
    for (let index = 0; index < wanted.length; index += groupsAtOnce) {
      const some = wanted.slice(index, index + groupsAtOnce);
      const ids = some.map(({ groupId }) => groupId);
      const found = new Map<number, Bucket[]>(ids.map((id) => [id, []]));
      for (let from = Math.min(...some.map((one) => one.from)); from < until; from += secondsAtOnce) {
        const to = Math.min(until, from + secondsAtOnce);
        for (const [id, buckets] of await readBuckets(db, ids, 3600, from, to))
          found.get(id)?.push(...buckets);
      }
      for (const one of some) {
        const start = first.get(one.groupId) ?? one.from;
        this.keep(one, start, until, found.get(one.groupId) ?? []);
      }
    }
  }

  private keep({ groupId, stamp }: WantedHours, from: number, until: number, read: readonly Bucket[]): void {
    const length = Math.max(0, (until - from) / hour);
    const row = () => new Float64Array(length).fill(Number.NaN);
    const kept: Kept = { stamp, from, until, good: row(), bad: row(), total: row() };
    const before = this.groups.get(groupId);
    for (const { end, counts } of [...(before?.stamp === stamp ? bucketsOf(before) : []), ...read]) {
      const index = (end - from) / hour - 1;
      if (index < 0 || index >= length) continue;
      kept.good[index] = counts?.good ?? Number.NaN;
      kept.bad[index] = counts?.bad ?? Number.NaN;
      kept.total[index] = counts?.total ?? Number.NaN;
    }
    this.groups.set(groupId, kept);
  }

  /** The hours of groups together that end in (from, until]; unknown where none of them is known. */
  hoursOf(groupIds: readonly number[], from: number, until: number): Bucket[] {
    const all = groupIds.flatMap((id) => this.groups.get(id) ?? []);
    const start = Math.floor(from / hour) * hour;
    return Array.from({ length: Math.max(0, (until - start) / hour) }, (_, index): Bucket => {
      const end = start + (index + 1) * hour;
      let [good, bad, total, known] = [0, 0, 0, 0];
      for (const kept of all) {
        const at = (end - kept.from) / hour - 1;
        const value = kept.total[at];
        if (value === undefined || Number.isNaN(value)) continue;
        good += kept.good[at] ?? 0;
        bad += kept.bad[at] ?? 0;
        total += value;
        known += 1;
      }
      return { end, counts: known === 0 ? null : { good, bad, total }, method: null };
    });
  }
}

const bucketsOf = (kept: Kept): Bucket[] =>
  Array.from(kept.total, (total, index): Bucket => {
    const counts = { good: kept.good[index] ?? 0, bad: kept.bad[index] ?? 0, total };
    return { end: kept.from + (index + 1) * hour, counts: Number.isNaN(total) ? null : counts, method: null };
  });
