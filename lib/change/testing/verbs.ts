import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Person } from '@/lib/access/model';
import { changeNumber } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfig } from '@/worker/testing/config';
import { type Team, team } from '@/worker/testing/people';
import type { DeployPlan } from '../contract';
import { planHash } from '../plan/plan-hash';
import { requestChange } from '../request-change';
import { signChange } from '../sign-change';
import { plan } from './plan';

export const config = testConfig({ kubeconfig: '/none', prometheus: 'http://127.0.0.1:9', webhook: '/none' });
export const reason = 'The new version fixes the slow query.';
export let database: TestDatabase;
export let db: Database;
export let people: Team;

/** A database of its own for the test file, with people; no change is left open between tests. */
export function openVerbWorld(): void {
  beforeAll(async () => {
    database = await testDatabase();
    db = createDatabase(database.url);
    people = await team(db);
  });
  afterAll(async () => {
    await db.$disconnect();
    await database.drop();
  });
  beforeEach(async () => {
    await db.change.updateMany({
      where: { finishedAt: null },
      data: { state: 'Cancelled', finishedAt: new Date() },
    });
  });
}

export { plan };
export const hash = planHash(plan);

export async function planned(
  actor: Person,
  changed: Partial<{
    prechecks: object[];
    expiresAt: Date;
    answeredAt: Date;
    state: string;
    plan: DeployPlan;
    planHash: string;
  }> = {},
) {
  const row = await db.planRequest.create({
    data: {
      kind: 'deploy',
      input: {},
      requestedById: actor.id,
      state: 'answered',
      plan,
      planHash: hash,
      prechecks: [],
      expiresAt: new Date(Date.now() + 600_000),
      ...changed,
    },
  });
  return row.id;
}

export const ask = async (runWhenApproved = true, actor = people.sre): Promise<string> =>
  (
    await requestChange(
      { actor, config, input: { planId: await planned(actor), planHash: hash, reason, runWhenApproved } },
      db,
    )
  ).id;
export const sign = (actor: Person, id: string, role: 'engineering_lead' | 'devops_lead', planHash = hash) =>
  signChange({ actor, config, id, input: { role, planHash } }, db);
export const stateOf = async (id: string) =>
  (await db.change.findUniqueOrThrow({ where: { number: changeNumber(id) } })).state;
/** Audit entries of a change as `action result`. */
export const audited = async (id: string): Promise<string[]> =>
  (await db.auditStaged.findMany({ orderBy: [{ n: 'asc' }] }))
    .map(({ body }) => JSON.parse(body))
    .filter(({ change }) => change === changeNumber(id))
    .map(({ action, result }) => `${action} ${result}`);
