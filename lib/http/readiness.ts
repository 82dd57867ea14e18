import 'server-only';
import { z } from 'zod';
import { type Database, database } from '@/lib/db/client';
import { schemaState } from '@/lib/db/schema-version';

const Check = z.enum(['ok', 'failing']);

/**
 * GET /ready (HLT-02): `timestamp` in seconds since 1970, with a fraction. `routers`, where colour pairs are configured,
 * is told and does not decide: pages that know nothing of one pair still serve.
 */
export const Readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z.object({ database: Check, schema: Check, routers: Check.optional() }),
  timestamp: z.number(),
});
export type Readiness = z.infer<typeof Readiness>;

/** Whether this process can serve: the database answers, and holds the tables of this version. */
export async function viewReadiness(
  at: Date,
  routers: 'ok' | 'failing' | null,
  db: Database = database(),
): Promise<Readiness> {
  const checks = { database: 'failing', schema: 'failing' } satisfies Readiness['checks'];
  const found: Readiness['checks'] = checks;
  try {
    const state = await schemaState(db);
    found.database = 'ok';
    found.schema = state === 'fits' ? 'ok' : 'failing';
  } catch {
    // Which of the two it is does not matter to who asks; the log of the next request tells.
  }
  const ready = found.database === 'ok' && found.schema === 'ok';
  if (routers !== null) found.routers = routers;
  return { status: ready ? 'ready' : 'not_ready', checks: found, timestamp: at.getTime() / 1000 };
}
