import { afterAll, afterEach } from 'vitest';
import { change, db, openLedgerWorld, start } from '@/lib/slo/ledger/testing/world';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { plan as anyPlan } from '../../testing/plan';

export const service = 'shop-api';
export const plan = { ...anyPlan, service };
const days = (count: number) => new Date((start - count * 86_400) * 1000);
const after = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000);

const written = {
  ...{ step: 1, attempt: 1, verb: 'apply', targetUid: 'u', targetRv: '1', epoch: 1 },
  onBehalfOf: 'sam@example.com',
  before: { template: {}, paused: false },
  desired: { template: {}, paused: false },
  result: 'applied',
};

/** The intent that a write of a staged plan leaves in a region. */
export const wroteIn = (region: string) => ({
  ...written,
  target: `${region}/Deployment/shop/shop-api-green`,
});

/** A change that ended so many days ago; `wrote` leaves the intent that a write leaves. */
export async function past(daysAgo: number, more: object = {}, wrote = true): Promise<number> {
  const createdAt = days(daysAgo);
  const { number } = await change({
    state: 'Succeeded',
    createdAt,
    startedAt: after(createdAt, 600),
    finishedAt: after(createdAt, 1200),
    ...more,
  });
  if (wrote)
    await db.intent.create({
      data: {
        ...written,
        id: `${number}/1/1`,
        changeNumber: number,
        target: 'deployment/shop/shop-api',
        resolvedAt: createdAt,
      },
    });
  return number;
}

/** The ledger's world, without changes between tests. */
export function openHistoryWorld(): void {
  openLedgerWorld();
  afterAll(closeClusters);
  afterEach(async () => {
    await db.intent.deleteMany();
    await db.step.deleteMany();
    await db.signOff.deleteMany();
    await db.command.deleteMany();
    await db.observation.deleteMany();
    await db.measurement.deleteMany();
    await db.change.deleteMany();
  });
}
