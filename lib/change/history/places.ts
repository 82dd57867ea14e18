import 'server-only';
import { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import type { Service } from '@/lib/config/service';
import { changeKinds } from '@/lib/core/change-kind';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { clustersSettled } from '@/lib/service/clusters';
import { objectsOf } from '@/lib/service/row';
import { changeStates } from '../model';
import { changeTitle } from '../words';
import type { PlaceNow } from './contract';
import { type PlaceChange, placeNow } from './running';

/** The newest changes of each place that are looked through for what runs there. */
const LOOKED_THROUGH = 20;

const Row = z.object({
  number: z.int(),
  kind: z.enum(changeKinds),
  environment: z.string(),
  region: z.string(),
  state: z.enum(changeStates),
  from_version: z.string(),
  to_version: z.string(),
  effect: z.object({ what: z.string(), from: z.string(), to: z.string() }).nullable(),
  after: z.number().nullable(),
  wrote: z.boolean(),
  kept: z.boolean(),
  requester_name: z.string(),
  started_at: z.date(),
  finished_at: z.date().nullable(),
});

/**
 * Changes of the version that were begun, newest first, by environment and region. One over several regions counts in
 * each of them; it has written in a region once it wrote an object of that region.
 */
export async function placeChanges(
  db: DatabaseOrTransaction,
  service: Service,
): Promise<Map<string, PlaceChange[]>> {
  const rows = await db.$queryRaw<unknown[]>`
    WITH newest AS (
      SELECT number, region FROM (
        SELECT c.number, r.region, row_number() OVER (PARTITION BY c.environment, r.region ORDER BY c.number DESC) AS nth
        FROM change c CROSS JOIN LATERAL
          jsonb_array_elements_text(coalesce(c.plan #> '{staged,regions}', jsonb_build_array(c.region))) AS r(region)
        WHERE c.service = ${service.id} AND c.kind IN ('deploy', 'rollback', 'shift') AND c.started_at IS NOT NULL
      ) counted WHERE nth <= ${LOOKED_THROUGH}
    )
    SELECT c.number, c.kind, c.environment, n.region, c.state, c.requester_name, c.started_at, c.finished_at,
      coalesce(c.plan #>> '{from,version}', '') AS from_version,
      coalesce(c.plan #>> '{to,version}', '') AS to_version,
      c.plan -> 'effect' AS effect,
      (SELECT (s ->> 'after')::float FROM jsonb_array_elements(c.plan #> '{staged,shares}') s
        WHERE s ->> 'region' = n.region LIMIT 1) AS after,
      EXISTS (SELECT 1 FROM intent i WHERE i.change_number = c.number AND i.result IN ('applied', 'adopted')
        AND (c.plan -> 'staged' IS NULL OR i.target LIKE n.region || '/%')) AS wrote,
      coalesce(c.outcome -> 'kept' ? n.region, false) AS kept
    FROM newest n JOIN change c USING (number) ORDER BY c.number DESC`;
  const changes = rows.map((row) => {
    const one = Row.parse(row);
    const what = {
      kind: one.kind,
      from: one.from_version,
      to: one.to_version,
      undo: one.from_version,
      undoIsKnownGood: true,
      effect: one.effect,
    };
    return {
      place: `${one.environment}/${one.region}`,
      change: {
        id: changeId(one.number),
        title: changeTitle(service.name, what),
        requesterName: one.requester_name,
        state: one.state,
        fromVersion: one.from_version,
        toVersion: one.to_version,
        isPartial: one.after !== null && one.after < 1,
        wrote: one.wrote,
        isBack: one.state === 'BackedOut' && !one.kept,
        startedAt: one.started_at.toISOString(),
        finishedAt: one.finished_at?.toISOString() ?? null,
      },
    };
  });
  return new Map(
    [...Map.groupBy(changes, ({ place }) => place)].map(([place, own]) => [
      place,
      own.map(({ change }) => change),
    ]),
  );
}

/** What runs where now, in the order of the configuration; a cluster that cannot be read costs its own line. */
export async function placesNow(
  db: DatabaseOrTransaction,
  config: Config,
  service: Service,
): Promise<PlaceNow[]> {
  const [changes] = await Promise.all([placeChanges(db, service), clustersSettled(config, 2000)]);
  return config.environments.flatMap(({ id: environment }) =>
    (service.placements[environment] ?? []).map((placement) =>
      placeNow(
        environment,
        placement,
        objectsOf(config, { service, environment, placement }),
        changes.get(`${environment}/${placement.region}`) ?? [],
      ),
    ),
  );
}
