import 'server-only';
import type { Caller } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { readingValue } from '@/lib/core/reading';
import { type Database, database } from '@/lib/db/client';
import type { ServiceRow } from '@/lib/service/contract';
import { environmentSnapshot } from '@/lib/service/environment';
import { podTotals } from '@/lib/service/pods';
import { objectsOf } from '@/lib/service/row';
import { componentsOf } from './components';
import type { ComponentState, StatusAdminView } from './contract';
import { measuredState } from './measure';
import { mayPublish } from './publish-message';
import { readPublished } from './published';
import { readMessages } from './store';

/** What measurement says about a component, from the figures the console has anyway. */
function proposed(
  config: Config,
  row: ServiceRow | undefined,
  place: Parameters<typeof objectsOf>[1],
): ComponentState {
  const rate = row?.figures.requestRate;
  const ratio = row?.figures.errorRatio;
  const objects = readingValue(objectsOf(config, place));
  return measuredState({
    errorRatio: ratio?.state === 'fresh' ? ratio.value : null,
    errorsKnown: rate?.state === 'fresh',
    pods: objects === null ? null : podTotals(objects),
  });
}

/** The page of those who publish: what the public sees, the messages, and what measurement proposes. */
export async function statusAdminView(
  config: Config,
  actor: Caller,
  db: Database = database(),
): Promise<StatusAdminView> {
  const [published, { active, past }, snapshot] = await Promise.all([
    readPublished(config),
    readMessages(db),
    environmentSnapshot(config, config.status.environment),
  ]);
  return {
    published,
    messages: [...active, ...past],
    components: componentsOf(config).map(({ id, name, group, place }) => {
      const row = snapshot.rows.find(
        ({ service, region }) => service === place.service.id && region === place.placement.region,
      );
      return { id, name, group, proposed: proposed(config, row, place) };
    }),
    mayPublish: mayPublish(actor, config),
  };
}
