import 'server-only';
import { z } from 'zod';
import { executingStates } from '@/lib/change/model';
import { hasFields } from '@/lib/change/staged/fields';
import { parseChange } from '@/lib/change/stored';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { placeKey } from '@/lib/service/placements';

const Written = z.record(z.string(), z.json());

/**
 * Components whose requests are refused because a change holds their maintenance mode on: its last write of
 * their ConfigMap, or one whose end nobody has seen yet, is not what was there before.
 */
export async function readMaintained(db: Database, { status }: Config): Promise<Set<string>> {
  const rows = await db.change.findMany({
    where: {
      environment: status.environment,
      state: { in: [...executingStates, 'ReconcileRequired'] },
    },
  });
  const found = new Set<string>();
  for (const { number, service, plan } of rows.map(parseChange)) {
    const objects = plan.staged?.objects.filter(({ part }) => part === 'maintenance') ?? [];
    for (const { key, region, baseline } of objects) {
      const last = await db.intent.findFirst({
        where: {
          changeNumber: number,
          target: key,
          OR: [{ result: null }, { result: { in: ['applied', 'adopted'] } }],
        },
        orderBy: { attempt: 'desc' },
        select: { desired: true },
      });
      if (last !== null && !hasFields(Written.parse(last.desired), baseline))
        found.add(placeKey(service, region));
    }
  }
  return found;
}
