import type { FleetRow } from '@/lib/slo/contract';
import type { Fleet, ListChange } from '@/lib/slo/fleet/contract';
import { listOf } from '@/lib/slo/fleet/list';
import { countWords } from '@/lib/slo/fleet/row';
import { iso, nowUnix } from '../test-slo';

/** The list as the server sends it, of rows whose last changes are priced. */
export function testFleet(rows: readonly FleetRow[], more: readonly ListChange[] = []): Fleet {
  const last = rows.flatMap(({ service, lastChange }): ListChange[] =>
    lastChange === null
      ? []
      : [
          {
            id: lastChange.id,
            service,
            region: 'us-east-1',
            title: lastChange.title,
            by: lastChange.by,
            at: lastChange.at,
            state: 'Succeeded',
          },
        ],
  );
  const changes = [...new Map([...last, ...more].map((change) => [change.id, change])).values()];
  return listOf(
    {
      environment: 'production',
      at: iso(nowUnix),
      counts: countWords(rows),
      rows: [...rows],
      freshness: { state: 'fresh', recordedUntil: iso(nowUnix), sentence: null },
    },
    {
      costs: new Map(rows.map(({ id, lastChange }) => [id, lastChange === null ? [] : [lastChange]])),
      changes,
    },
  );
}
