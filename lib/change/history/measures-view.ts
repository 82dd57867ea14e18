import 'server-only';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { environmentOf, serviceOf } from '@/lib/service/placements';
import type { MeasuresView } from './contract';
import { measuresOf } from './measure-words';
import { observeChanges } from './measures';
import { readFacts, recordBegins } from './read-facts';

const DAY = 86_400;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

export type MeasuresAsk = {
  service?: string | undefined;
  environment?: string | undefined;
  days: '30' | '90';
};

/**
 * The five measures of one service or of all, over the last days. The span begins with the record of changes where
 * that is younger: a rate over days of which nothing is known would be invented. Throws OpsError `not-found`.
 */
export async function measuresView(
  config: Config,
  ask: MeasuresAsk,
  db: Database = database(),
): Promise<MeasuresView> {
  const environment = environmentOf(config, ask.environment);
  const service = ask.service === undefined ? null : serviceOf(config, ask.service).id;
  const to = (await databaseNow(db)).getTime() / 1000;
  const days = Number(ask.days);
  const begins = await recordBegins(db, environment);
  const asked = Math.min(to, Math.max(to - days * DAY, begins ?? to));
  const { facts, isCut } = await readFacts(db, { environment, service: service ?? undefined, from: asked });
  // What was not read is not known either.
  const from = isCut ? Math.max(asked, facts.at(-1)?.createdAt ?? asked) : asked;
  const seen = observeChanges(facts, { from, to });
  const knownDays = (to - from) / DAY;
  return {
    service,
    environment,
    days,
    from: iso(from),
    to: iso(to),
    knownDays,
    counts: {
      deployments: seen.deployments.length,
      succeeded: seen.succeeded.length,
      backedOut: seen.backedOut.length,
      failed: seen.failed.length,
      undone: seen.undone.length,
      rollbacks: seen.rollbacks.length,
      notCarriedOut: seen.notCarriedOut,
      open: seen.open,
    },
    measures: measuresOf(seen, knownDays),
    isCut,
  };
}
