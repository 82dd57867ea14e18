import type { TotalLedger, TotalLine } from '../ledger/ledger';
import { causes } from '../ledger/model';
import type { Said } from '../ledger/read-claims';
import { rounded, shareOut } from './amounts';
import type { CostLine, ReportLine, Spent, Totals } from './contract';

/** How many of the dearest lines a report names; all of them are in the sums of their causes. */
const namedLines = 10;

type Costs = Pick<ReportLine, 'byCause' | 'largest'>;

/** What was spent by cause, and what cost most. Nothing where nothing was spent or no figure exists. */
export function costsOf(
  { spent, budget, total }: Totals,
  ledger: TotalLedger,
  said: ReadonlyMap<string, Said>,
): Costs {
  if (spent === null || budget === null || total === null) return { byCause: [], largest: [] };
  const lines = ledger.lines.flatMap((line) => {
    const about = said.get(line.claim.id);
    return about === undefined ? [] : [{ line, about }];
  });
  const claimed = causes.filter((cause) => cause !== 'unexplained');
  const nets = claimed.map((cause) =>
    lines.filter(({ about }) => about.cause === cause).reduce((sum, { line }) => sum + line.net, 0),
  );
  const perFailure = spent.failures > 0 ? spent.seconds / spent.failures : 0;
  const failures = shareOut(spent.failures, nets);
  const seconds = shareOut(
    spent.seconds,
    nets.map((net) => net * perFailure),
  );
  const shareOf = (part: number): number | null =>
    spent.share === null || spent.failures === 0 ? spent.share : (part / spent.failures) * spent.share;
  const costOf = (net: number): Spent => ({
    failures: rounded(net),
    seconds: rounded(net * perFailure),
    share: shareOf(net),
  });
  const partOf = (cause: (typeof causes)[number], part: number, time: number) => ({
    cause,
    failures: part,
    seconds: time,
    share: shareOf(part),
  });
  return {
    byCause: [
      ...claimed.map((cause, index) => partOf(cause, failures.parts[index] ?? 0, seconds.parts[index] ?? 0)),
      partOf('unexplained', failures.rest, seconds.rest),
    ],
    largest: lines
      .filter(({ line }) => line.net > 0)
      .sort((a, b) => b.line.net - a.line.net || a.line.claim.id.localeCompare(b.line.claim.id))
      .slice(0, namedLines)
      .map(({ line, about }) => namedLine(line, about, costOf(line.net))),
  };
}

const namedLine = (line: TotalLine, { cause, title, by, change }: Said, cost: Spent): CostLine => ({
  id: line.claim.id,
  cause,
  title,
  by,
  at: new Date(line.claim.from * 1000).toISOString(),
  change,
  ...cost,
  low: rounded(line.low),
  high: rounded(line.high),
  isShared: line.sharedWith.length > 0,
});
