import 'server-only';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { environmentOf, serves } from '@/lib/service/placements';
import { slothRatio } from '../define/adopt-sloth';
import type { Found } from '../define/read-adopted';
import { slosIn } from '../fleet/read';
import { sloWords } from '../math/word';
import type { AdoptedList, AdoptedPage, AdoptedSource } from './contract';
import { configuredAs } from './identity';
import { proposalOf } from './proposal';
import { adoptedId, rowOf } from './row';
import { readKept, type SourceRead } from './store';
import { toolNames } from './words';

const sourcesIn = (config: Config, environment: string): string[] =>
  config.sources.prometheus.filter((one) => serves(one, environment, null)).map(({ id }) => id);

/** A server that was read well is read again within a minute; after these somebody should look. */
const lateSeconds = 180;

function sourceOf(source: string, reads: readonly SourceRead[], now: Date): AdoptedSource {
  const read = reads.find((one) => one.source === source);
  const readAt = read?.readAt ?? null;
  const age = readAt === null ? 0 : (now.getTime() - readAt.getTime()) / 1000;
  const late = age > lateSeconds ? 'No worker has read it since: see that one runs.' : null;
  return { source, readAt: readAt?.toISOString() ?? null, problem: read?.problem?.message ?? late };
}

/** Objectives that other tools record in the servers of an environment, what is broken first. Throws OpsError `not-found`. */
export async function adoptedView(
  config: Config,
  asked: string | undefined,
  db: Database = database(),
): Promise<AdoptedList> {
  const environment = environmentOf(config, asked);
  const sources = sourcesIn(config, environment);
  const [at, { kept, reads }] = await Promise.all([databaseNow(db), readKept(db, sources)]);
  const slos = slosIn(config, environment);
  const all = kept.map((one) => ({ one, slo: configuredAs(config, slos, one.found) }));
  const rows = all
    .filter(({ slo }) => slo === null)
    .map(({ one }) =>
      rowOf(
        one,
        reads.find(({ source }) => source === one.source),
        at,
      ),
    )
    .sort(
      (a, b) =>
        sloWords.indexOf(a.word) - sloWords.indexOf(b.word) ||
        (a.worst.budgetLeft.value ?? 2) - (b.worst.budgetLeft.value ?? 2) ||
        (a.name < b.name ? -1 : 1),
    );
  return {
    environment,
    at: at.toISOString(),
    rows,
    hidden: all.flatMap(({ one: { found, source }, slo }) =>
      slo === null
        ? []
        : [
            {
              id: adoptedId(source, found),
              name: found.name,
              toolName: toolNames[found.tool],
              source,
              slo: slo.id,
            },
          ],
    ),
    sources: sources.map((source) => sourceOf(source, reads, at)),
  };
}

/** One of them with the rules that make it, and what it would be in signalbox.yaml. Throws OpsError `not-found`. */
export async function adoptedPage(
  config: Config,
  asked: { adopted: string; environment?: string | undefined },
  db: Database = database(),
): Promise<AdoptedPage> {
  const environment = environmentOf(config, asked.environment);
  const sources = sourcesIn(config, environment);
  const [at, { kept, reads }] = await Promise.all([databaseNow(db), readKept(db, sources)]);
  const one = kept.find(({ source, found }) => adoptedId(source, found) === asked.adopted);
  if (one === undefined) {
    throw new OpsError('not-found', `No rules in ${environment} record this objective.`, {
      next: 'Open the list of objectives: what is recorded is listed below it.',
    });
  }
  return {
    environment,
    at: at.toISOString(),
    row: rowOf(
      one,
      reads.find(({ source }) => source === one.source),
      at,
    ),
    source: sourceOf(one.source, reads, at),
    firstSeenAt: one.firstSeenAt.toISOString(),
    configured: configuredAs(config, slosIn(config, environment), one.found)?.id ?? null,
    rules: one.found.rules,
    queries: queriesOf(one.found),
    proposal: proposalOf(config, one.found, environment),
  };
}

/** The series that the figures are read from. */
function queriesOf({ tool, key, name }: Found): string[] {
  if (tool === 'sloth') {
    const id = JSON.stringify(key);
    return [`${slothRatio}{sloth_id=${id}}`, `slo:period_error_budget_remaining:ratio{sloth_id=${id}}`];
  }
  const slo = JSON.stringify(name);
  return [
    `pyrra_errors:rate5m{slo=${slo}} / pyrra_requests:rate5m{slo=${slo}}`,
    `(pyrra_availability{slo=${slo}} - pyrra_objective{slo=${slo}}) / (1 - pyrra_objective{slo=${slo}})`,
  ];
}
