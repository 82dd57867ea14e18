import 'server-only';
import type { AuditActor } from '@/lib/audit/stage';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import { observe } from '../move-change';
import { nextLook, tiersOf } from './schedule';
import { tierSentence } from './words';

/** Changes that bring a version out; what a rollback puts back ran before. */
const watchedKinds = ['deploy', 'shift'];

/** Where the new version of change `c` is, once it has ended: `newVersionRegions` of its row. */
const regionsOfC = Prisma.sql`CASE WHEN c.state = 'BackedOut' THEN coalesce(c.outcome -> 'kept', '[]')
  ELSE coalesce(c.plan #> '{staged,regions}', jsonb_build_array(c.region)) END`;

/** The first change of the version that began at a place of change `c` after it had ended; null: none. */
const newer = Prisma.sql`(
  SELECT min(n.number) FROM change n
  WHERE n.service = c.service AND n.environment = c.environment AND n.number <> c.number
    AND n.kind IN ('deploy', 'rollback', 'shift') AND n.started_at >= c.finished_at
    AND EXISTS (
      SELECT 1 FROM jsonb_array_elements_text(coalesce(n.plan #> '{staged,regions}', jsonb_build_array(n.region))) theirs
      JOIN jsonb_array_elements_text(${regionsOfC}) ours
        ON ours = theirs))`;

/**
 * Writes the tiers of every such change whose version stayed, in all its regions or in those that were kept, runs still
 * and has none. Two workers write them once.
 */
export async function beginWatches(db: Database, { timing }: Config): Promise<void> {
  const longest = timing.watchTiers.at(-1) ?? 0;
  const ended = await db.$queryRaw<{ number: number; finished_at: Date }[]>`
    SELECT number, finished_at FROM change c
    WHERE (state = 'Succeeded' OR state = 'BackedOut' AND outcome ? 'kept') AND kind = ANY(${watchedKinds}) AND started_at IS NOT NULL
      AND finished_at > app.now() - ${longest}::double precision * interval '1 s'
      AND NOT EXISTS (SELECT 1 FROM watch_tier w WHERE w.change_number = c.number)
      AND ${newer} IS NULL
    ORDER BY number LIMIT 100`;
  for (const { number, finished_at: end } of ended) {
    const after = (seconds: number) => new Date(end.getTime() + seconds * 1000);
    await db.watchTier.createMany({
      data: tiersOf(timing.watchTiers).map((tier) => ({
        changeNumber: number,
        seconds: Math.round(tier.ends),
        startsAt: after(tier.starts),
        dueAt: after(tier.ends),
        nextLookAt: after(nextLook(tier, tier.starts, timing.watchCadence)),
      })),
      skipDuplicates: true,
    });
  }
}

type Superseded = { change_number: number; newer: number };

/** Ends the tiers of changes whose place has a newer version on the way: what is looked at would be that one. */
export async function endSuperseded(db: Database, actor: AuditActor): Promise<void> {
  const found = await db.$queryRaw<Superseded[]>`
    SELECT change_number, newer FROM (
      SELECT DISTINCT c.number AS change_number, ${newer} AS newer
      FROM watch_tier w JOIN change c ON c.number = w.change_number WHERE w.state = 'open'
    ) open WHERE newer IS NOT NULL`;
  for (const { change_number: number, newer: by } of found) {
    await transaction((tx) => endTiers(tx, number, by, actor), db);
  }
}

async function endTiers(tx: Transaction, number: number, by: number, actor: AuditActor): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM change WHERE number = ${number} FOR UPDATE`;
  const detail = `superseded by ${changeId(by)}.`;
  const count = await tx.$executeRaw`
    UPDATE watch_tier SET state = 'superseded', ended_at = app.now(), detail = ${detail}
    WHERE change_number = ${number} AND state = 'open'`;
  if (count === 0) return;
  const sentence = tierSentence(0, 'superseded', detail);
  await observe(tx, number, null, 'seen', sentence);
  await stage(tx, {
    action: 'change.watch_ended',
    actor,
    target: `change:${changeId(number)}`,
    change: number,
    result: 'ok',
    details: { to: 'superseded', sentence },
  });
}
