import { RequestPlan } from '@/lib/change/contract';
import { answerPlan } from '@/lib/change/plan/answer-plan';
import { requestPlan } from '@/lib/change/plan/request-plan';
import { requestChange } from '@/lib/change/request-change';
import { signChange } from '@/lib/change/sign-change';
import { changeNumber } from '@/lib/core/ids';
import type { Ground } from './ground';

export type Ask = RequestPlan;

/** A change that is signed and queued, kept aside so that it can be put back as often as it is wanted. */
export type Prepared = {
  id: string;
  number: number;
  /** Its audit entries so far. */
  audit: readonly string[];
};

/** Tables with rows of a change, in the order in which they may be filled. */
const kept = ['change', 'sign_off', 'step', 'observation'] as const;
const emptied = ['intent', 'command', 'measurement', 'lock', 'rollout_progress'] as const;
const key = (table: string): string => (table === 'change' ? 'number' : 'change_number');

/** Makes a change as people do, up to the queue, and takes it out of the database again. */
export async function prepare(sim: Ground, ask: Ask): Promise<Prepared> {
  const { config, db, people } = sim;
  const from = auditMark(sim);
  const input = RequestPlan.parse(ask);
  const { id: planId } = await requestPlan({ actor: people.sre, config, input }, db);
  await answerPlan({ db, config, workerId: 'planner', cluster: sim.clientOf }, planId);
  // What cannot be taken back is typed by whoever asks and whoever signs.
  const confirmed = ask.kind === 'restore' ? { confirmedName: ask.service } : {};
  const plan = await db.planRequest.findUniqueOrThrow({ where: { id: planId } });
  if (plan.planHash === null) throw new Error(`No plan: ${JSON.stringify(plan.problem)}`);
  const { id } = await requestChange(
    {
      actor: people.sre,
      config,
      input: {
        planId,
        planHash: plan.planHash,
        reason: 'The new version fixes the slow query of the dashboard.',
        runWhenApproved: true,
        ...confirmed,
      },
    },
    db,
  );
  const number = changeNumber(id);
  const { planHash } = plan;
  const { engineering, devops } = people;
  await signChange(
    { actor: engineering, config, id, input: { role: 'engineering_lead', planHash, ...confirmed } },
    db,
  );
  await signChange({ actor: devops, config, id, input: { role: 'devops_lead', planHash, ...confirmed } }, db);
  await sim.admin.query('CREATE SCHEMA IF NOT EXISTS kept');
  for (const table of kept) {
    await sim.admin.query(`CREATE TABLE IF NOT EXISTS kept."${table}" (LIKE "${table}")`);
    await sim.admin.query(
      `INSERT INTO kept."${table}" SELECT * FROM "${table}" WHERE ${key(table)} = ${number}`,
    );
  }
  await takeAway(sim, number);
  return { id, number, audit: await auditSince(sim, from) };
}

/** All that the database holds of a change but the audit log, which never forgets. */
export async function takeAway(sim: Ground, number: number): Promise<void> {
  const tables = [...emptied, ...kept.toReversed()];
  await sim.admin.query(
    tables.map((table) => `DELETE FROM "${table}" WHERE ${key(table)} = ${number};`).join(''),
  );
}

/** The change stands in the queue as when it had just been signed. */
export async function putBack(sim: Ground, { number }: Prepared): Promise<void> {
  await sim.admin.query(
    [
      ...kept.map(
        (table) => `INSERT INTO "${table}" SELECT * FROM kept."${table}" WHERE ${key(table)} = ${number};`,
      ),
      `UPDATE change SET created_at = app.now(), state_since = app.now(), due_at = app.now(), approved_at = app.now(),
         review_expires_at = app.now() + interval '4 hours', queue_expires_at = app.now() + interval '2 hours'
         WHERE number = ${number};`,
      `UPDATE sign_off SET created_at = app.now() WHERE change_number = ${number};`,
    ].join(''),
  );
}

/** Now, by the clock of all: what is staged from now on is after it. */
export const auditMark = (sim: Ground): number => sim.clock.now();

/** Bodies of the entries that were staged since a mark, by whatever process, oldest first. */
export async function auditSince(sim: Ground, mark: number): Promise<string[]> {
  const { rows } = await sim.admin.query<{ body: string }>(
    `SELECT body FROM audit.staged WHERE staged_at >= to_timestamp($1::double precision / 1000) - interval '0.5 ms'
     ORDER BY staged_at, producer, boot_id, n`,
    [mark],
  );
  return rows.map(({ body }) => body);
}
