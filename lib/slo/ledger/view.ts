import 'server-only';
import { type Caller, can } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { type Database, database } from '@/lib/db/client';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import { objectiveOf } from '../math/objective';
import { windowBounds } from '../math/window';
import { type Group, listGroups } from '../record/store';
import { requireSlo } from './allowed';
import { BACKGROUND_MAX_SECONDS } from './background';
import { type Cell, withoutSpans } from './cells';
import { type Claim, claimsOfGroup } from './claims';
import type { LedgerLine, LedgerView } from './contract';
import { joinLedgers, ledgerOf, type TotalLedger, type TotalLine } from './ledger';
import { causes } from './model';
import { costOf, priceMethod } from './price';
import { readCells } from './read-cells';
import { readClaims, type Said } from './read-claims';
import { type Excluded, readExcluded } from './read-exclusions';
import { inSlices, sliceFigures, slicesOf } from './slice-view';
import { overlaps, type Span, totalLength } from './spans';

export type LedgerAsk = {
  slo: string;
  environment?: string | undefined;
  exclusions: 'applied' | 'ignored';
  horizonHours: number;
};

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Groups of the newest definition: counts under an older one were counted otherwise. */
async function readGroups(db: DatabaseOrTransaction, slo: Slo, environment: string): Promise<Group[]> {
  const groups = await listGroups(db, environment, slo.id);
  return groups.filter(({ current }) => current);
}

/** From a day before the first claim of the window, so that each has a background. */
function leadIn(window: Span, claims: readonly Claim[]): Span {
  const first = claims.filter((claim) => overlaps(claim, window)).map(({ from }) => from);
  return { from: Math.min(window.from, ...first) - BACKGROUND_MAX_SECONDS, to: window.to };
}

/** What a page has read already, so that it is not read twice: its moment, the groups, and their cells. */
export type AlreadyKnown = {
  now?: number;
  groups?: readonly Group[];
  /** Cells by group from a moment on; null when they do not reach so far back. */
  cellsFrom?: (from: number) => Promise<Map<number, Cell[]> | null>;
};

/** What was spent in the window of an objective, and on what. Throws OpsError `not-found`. */
export async function ledgerView(
  config: Config,
  ask: LedgerAsk,
  actor: Caller,
  db: Database = database(),
  known: AlreadyKnown = {},
): Promise<LedgerView> {
  const { slo, environment } = requireSlo(config, ask.slo, ask.environment);
  const now = known.now ?? (await databaseNow(db)).getTime() / 1000;
  const { from, to } = windowBounds(slo.window, now);
  const window = { from, to };
  const horizon = ask.horizonHours * 3600;
  const [groups, { claims, said, voided }] = await Promise.all([
    known.groups ?? readGroups(db, slo, environment),
    readClaims(db, config, { slo, environment, span: window, now, horizon }),
  ]);
  const span = leadIn(window, claims);
  const ids = groups.map(({ groupId }) => groupId);
  const [cells, excluded] = await Promise.all([
    known.cellsFrom?.(span.from).then((found) => found ?? readCells(db, ids, span, now)) ??
      readCells(db, ids, span, now),
    readExcluded(db, slo, environment, { span, window }),
  ]);
  const counted = (all: readonly Cell[]) =>
    ask.exclusions === 'applied' ? withoutSpans(all, excluded.spans) : all;
  const { region } = serviceOf(config, slo.service).metrics.labels;
  const budgetRatio = objectiveOf(slo.objective).budget;
  const ledgerFrom = (see: (all: readonly Cell[]) => readonly Cell[], minFailures: number) =>
    joinLedgers(
      groups.map((group) =>
        ledgerOf(
          see(counted(cells.get(group.groupId) ?? [])),
          window,
          claimsOfGroup(claims, group.labels, region),
          {
            budgetRatio,
            minFailures,
            excluded: excluded.spans,
          },
        ),
      ),
    );
  const ledger = ledgerFrom((all) => all, slo.minFailures);
  const time = slicesOf(slo);
  const slices =
    time === null
      ? null
      : sliceFigures(time.lens === null ? ledger : ledgerFrom((all) => inSlices(all, time.lens), 1), {
          seconds: time.seconds,
          budgetRatio,
          causeOf: (id) => said.get(id)?.cause,
        });
  return {
    slo: slo.id,
    environment,
    from: iso(from),
    to: iso(to),
    ...figuresOf(ledger, { budgetRatio, window, said, slices }),
    voided,
    exclusions: exclusionsOf(excluded, window, slo, ask.exclusions === 'applied'),
    horizonHours: ask.horizonHours,
    method: priceMethod,
    mayAdd: can(actor, 'slo.account'),
    mayExclude: can(actor, 'slo.exclude'),
  };
}

const exclusionsOf = ({ spans, rows }: Excluded, window: Span, slo: Slo, applied: boolean) => ({
  applied,
  excludedSeconds: totalLength(
    spans.map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) })),
  ),
  rows,
  maintenance: slo.maintenance,
});

type Slices = ReturnType<typeof sliceFigures> | null;
type Told = { budgetRatio: number; window: Span; said: Map<string, Said>; slices: Slices };

function figuresOf({ lines, spent, unexplained }: TotalLedger, { budgetRatio, window, said, slices }: Told) {
  const seconds = window.to - window.from;
  const cost = (failed: number) => costOf(failed, { budgetRatio, total: spent.total, seconds });
  const titleOf = (id: string) => said.get(id)?.title ?? id;
  const told = lines.flatMap((line) => {
    const about = said.get(line.claim.id);
    return about === undefined
      ? []
      : [{ ...lineOf(line, about, cost, titleOf), slices: slices?.lineOf(line.claim.id) ?? null }];
  });
  return {
    requests: spent.total,
    budgetFailures: budgetRatio * spent.total,
    budgetSeconds: budgetRatio * seconds,
    coverage: spent.all === 0 ? 0 : spent.known / spent.all,
    spent: cost(spent.bad),
    unexplained: cost(unexplained),
    slices: slices?.slices ?? null,
    byCause: causes.map((cause) => ({
      cause,
      cost: cost(
        cause === 'unexplained'
          ? unexplained
          : told.filter((line) => line.cause === cause).reduce((sum, { net }) => sum + net.failed, 0),
      ),
    })),
    lines: told.sort((a, b) => b.from.localeCompare(a.from)),
  };
}

function lineOf(
  line: TotalLine,
  said: Said,
  cost: (failed: number) => LedgerLine['net'],
  titleOf: (id: string) => string,
): Omit<LedgerLine, 'slices'> {
  const { claim, background } = line;
  return {
    id: claim.id,
    ...said,
    regions: claim.regions === null ? null : [...claim.regions],
    from: iso(claim.from),
    to: iso(claim.to),
    end: claim.end,
    gross: cost(line.gross),
    net: cost(line.net),
    low: cost(line.low),
    high: cost(line.high),
    requests: line.total,
    coverage: line.allSeconds === 0 ? null : line.knownSeconds / line.allSeconds,
    background:
      background === null
        ? null
        : {
            kind: background.kind,
            from: iso(background.from),
            to: iso(background.to),
            failed: background.bad,
            requests: background.total,
          },
    sharedWith: line.sharedWith.map((id) => ({ id, title: titleOf(id) })),
    beganInOutage: line.beganInOutage,
    isGross: line.isGross,
  };
}
