import 'server-only';
import { z } from 'zod';
import { OpsError } from '@/lib/core/errors';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { impacts, messageStates, StatusMessageView } from './contract';
import { type DaySeconds, daysShown } from './days';

const include = { updates: { orderBy: { createdAt: 'desc' } } } as const;

type Row = {
  id: string;
  title: string;
  impact: string;
  state: string;
  components: string[];
  version: number;
  createdAt: Date;
  resolvedAt: Date | null;
  updates: { id: string; state: string; body: string; createdAt: Date }[];
};

const State = z.enum(messageStates);

/** What the public may see of a message: who wrote it stays inside. */
export function toMessage(row: Row): StatusMessageView {
  return StatusMessageView.parse({
    ...row,
    impact: z.enum(impacts).parse(row.impact),
    state: State.parse(row.state),
    createdAt: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    updates: row.updates.map(({ id, state, body, createdAt }) => ({
      id,
      state: State.parse(state),
      body,
      at: createdAt.toISOString(),
    })),
  });
}

/** Unresolved messages, newest first, and the fifty that were resolved last. */
export async function readMessages(
  db: DatabaseOrTransaction,
): Promise<{ active: StatusMessageView[]; past: StatusMessageView[] }> {
  const [active, past] = await Promise.all([
    db.statusMessage.findMany({
      where: { resolvedAt: null },
      orderBy: { createdAt: 'desc' },
      take: 50,
      include,
    }),
    db.statusMessage.findMany({
      where: { resolvedAt: { not: null } },
      orderBy: { resolvedAt: 'desc' },
      take: 50,
      include,
    }),
  ]);
  return { active: active.map(toMessage), past: past.map(toMessage) };
}

/** Throws OpsError `not-found`. */
export async function readMessage(db: DatabaseOrTransaction, id: string): Promise<StatusMessageView> {
  const row = await db.statusMessage.findUnique({ where: { id }, include });
  if (row !== null) return toMessage(row);
  throw new OpsError('not-found', 'There is no such message on the status page.');
}

/** Measured seconds by component, and the database's day. */
export async function readDays(
  db: DatabaseOrTransaction,
): Promise<{ today: string; days: Map<string, DaySeconds[]> }> {
  const [clock] = await db.$queryRaw<{ today: string }[]>`
    SELECT to_char(app.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today`;
  const today = clock?.today ?? '';
  const since = new Date(Date.parse(`${today}T00:00:00Z`) - daysShown * 86_400_000);
  const rows = await db.statusDay.findMany({ where: { day: { gt: since } }, orderBy: { day: 'asc' } });
  const grouped = Map.groupBy(rows, ({ component }) => component);
  const days = [...grouped].map(([component, all]): [string, DaySeconds[]] => [
    component,
    all.map(({ day, ...seconds }) => ({ ...seconds, day: day.toISOString().slice(0, 10) })),
  ]);
  return { today, days: new Map(days) };
}
