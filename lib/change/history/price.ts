import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import { environmentsOf } from '@/lib/slo/define/indicator';
import { BACKGROUND_MAX_SECONDS } from '@/lib/slo/ledger/background';
import { withoutSpans } from '@/lib/slo/ledger/cells';
import { changeClaimId, claimsOfGroup } from '@/lib/slo/ledger/claims';
import { joinLedgers, ledgerOf, type TotalLine } from '@/lib/slo/ledger/ledger';
import { horizonSeconds } from '@/lib/slo/ledger/model';
import { costOf } from '@/lib/slo/ledger/price';
import { readCells } from '@/lib/slo/ledger/read-cells';
import { readClaims } from '@/lib/slo/ledger/read-claims';
import { readExcluded } from '@/lib/slo/ledger/read-exclusions';
import { inSlices, slicesOf } from '@/lib/slo/ledger/slice-view';
import { objectiveOf } from '@/lib/slo/math/objective';
import { windowBounds } from '@/lib/slo/math/window';
import { type Group, listGroups, readSums } from '@/lib/slo/record/store';
import type { ChangeCost, ObjectiveCost } from './contract';

export type Carried = {
  number: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Of a change of a database: it brings no version out, and is not priced. */
  plan?: { data?: object | undefined };
};
type Asked = { service: string; environment: string; changes: readonly Carried[] };

const unix = (at: Date): number => at.getTime() / 1000;

/**
 * What changes of one service and environment cost each of its objectives: the lines that the ledger has for them,
 * with the usual horizon. Only the time around them is read, whatever their age; their share is that of the budget of
 * the window that ends now.
 */
export async function priceChanges(
  db: DatabaseOrTransaction,
  config: Config,
  { service, environment, changes }: Asked,
): Promise<Map<number, ChangeCost>> {
  const carried = changes.filter(({ startedAt, plan }) => startedAt !== null && plan?.data === undefined);
  const objectives = config.slos.filter(
    (slo) => slo.service === service && environmentsOf(serviceOf(config, service), slo).includes(environment),
  );
  const now = carried.length === 0 ? 0 : unix(await databaseNow(db));
  const priced: Map<number, ObjectiveCost>[] = [];
  if (carried.length > 0)
    for (const slo of objectives) priced.push(await priceFor(db, config, slo, environment, carried, now));
  return new Map(
    changes.map(({ number, startedAt, plan }): [number, ChangeCost] => {
      if (startedAt === null) return [number, { state: 'not-carried-out', lines: [] }];
      if (plan?.data !== undefined) return [number, { state: 'no-requests', lines: [] }];
      if (objectives.length === 0) return [number, { state: 'no-objective', lines: [] }];
      const lines = priced
        .flatMap((one) => one.get(number) ?? [])
        .toSorted((a, b) => (b.share ?? -1) - (a.share ?? -1) || b.failed - a.failed);
      return [number, { state: lines.length === 0 ? 'not-counted' : 'priced', lines }];
    }),
  );
}

/** Around the changes: until the last of them can be a cause no more. */
function spanOf(carried: readonly Carried[], now: number): { from: number; to: number } {
  const starts = carried.flatMap(({ startedAt }) => (startedAt === null ? [] : [unix(startedAt)]));
  const ends = carried.map(({ finishedAt }) => (finishedAt === null ? now : unix(finishedAt)));
  return {
    from: Math.min(...starts) - 1,
    to: Math.min(now, Math.max(...starts, ...ends) + horizonSeconds.most + 3600),
  };
}

async function priceFor(
  db: DatabaseOrTransaction,
  config: Config,
  slo: Slo,
  environment: string,
  carried: readonly Carried[],
  now: number,
): Promise<Map<number, ObjectiveCost>> {
  const span = spanOf(carried, now);
  const horizon = horizonSeconds.usual;
  const [all, { claims }] = await Promise.all([
    listGroups(db, environment, slo.id),
    readClaims(db, config, { slo, environment, span, now, horizon }),
  ]);
  const groups = all.filter(({ current }) => current);
  const read = { from: span.from - BACKGROUND_MAX_SECONDS, to: span.to };
  const ids = groups.map(({ groupId }) => groupId);
  const [cells, excluded, total] = await Promise.all([
    readCells(db, ids, read, now),
    readExcluded(db, slo, environment, { span: read }),
    requestsInWindow(db, slo, groups, now),
  ]);
  const { region } = serviceOf(config, slo.service).metrics.labels;
  const slices = slicesOf(slo);
  const budgetRatio = objectiveOf(slo.objective).budget;
  const ledger = joinLedgers(
    groups.map((group) => {
      const counted = withoutSpans(cells.get(group.groupId) ?? [], excluded.spans);
      return ledgerOf(
        slices === null ? counted : inSlices(counted, slices.lens),
        span,
        claimsOfGroup(claims, group.labels, region),
        { budgetRatio, minFailures: slices === null ? slo.minFailures : 1, excluded: excluded.spans },
      );
    }),
  );
  const lines = new Map(ledger.lines.map((line) => [line.claim.id, line]));
  const shareOf = (failed: number): number | null =>
    slices === null ? costOf(failed, { budgetRatio, total, seconds: 0 }).share : null;
  return new Map(
    carried.flatMap(({ number }): [number, ObjectiveCost][] => {
      const line = lines.get(changeClaimId(number));
      // Nothing of its window is known: that it cost nothing would be a guess.
      if (line === undefined || line.knownSeconds === 0) return [];
      return [[number, costLine(slo, line, slices === null ? 'requests' : 'slices', shareOf)]];
    }),
  );
}

const costLine = (
  slo: Slo,
  line: TotalLine,
  unit: ObjectiveCost['unit'],
  shareOf: (failed: number) => number | null,
): ObjectiveCost => ({
  slo: slo.id,
  name: slo.name,
  unit,
  failed: line.net,
  low: line.low,
  high: line.high,
  share: shareOf(line.net),
  shareLow: shareOf(line.low),
  shareHigh: shareOf(line.high),
  sharedWith: line.sharedWith,
  isCounting: line.claim.end === 'running',
  coverage: line.allSeconds === 0 ? 0 : line.knownSeconds / line.allSeconds,
  isGross: line.isGross,
});

/** Requests in the window of an objective that ends now: what the budget is a share of. */
async function requestsInWindow(
  db: DatabaseOrTransaction,
  slo: Slo,
  groups: readonly Group[],
  now: number,
): Promise<number> {
  const { from } = windowBounds(slo.window, now);
  const sums = await readSums(
    db,
    groups.map(({ groupId }) => groupId),
    from,
    now,
  );
  return [...sums.values()].reduce((sum, { counts }) => sum + (counts?.total ?? 0), 0);
}
