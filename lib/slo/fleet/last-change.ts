import 'server-only';
import type { ChangeWithRow } from '@/lib/change/row';
import type { Config } from '@/lib/config/schema';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import type { LastChange } from '../contract';
import { BACKGROUND_MAX_SECONDS } from '../ledger/background';
import { withoutSpans } from '../ledger/cells';
import { changeClaimId, claimsOfGroup, mergeRegions } from '../ledger/claims';
import { joinLedgers, ledgerOf, type TotalLine } from '../ledger/ledger';
import { horizonSeconds } from '../ledger/model';
import { costOf } from '../ledger/price';
import { readCells } from '../ledger/read-cells';
import { readClaims } from '../ledger/read-claims';
import { objectiveOf } from '../math/objective';
import type { FleetState, Known } from './state';

/** Prices worked out in one go, so that many objectives after one release do not hold up the rest. */
const atOnce = 20;
/** A price whose window is over for so long is final: late samples have come. */
const settled = 1800;
/** Changes as young as this are listed by what they cost. */
const recentSeconds = 86_400;
/** More changes of one service than these are not priced for the list. */
const mostOfOne = 20;

type Priced = { key: string; isFinal: boolean; line: TotalLine | null };

const startedAt = ({ change }: ChangeWithRow): number => (change.startedAt?.getTime() ?? 0) / 1000;

/** The changes of a service that were carried out from a moment on, newest first. */
export const changesSince = (
  changes: readonly ChangeWithRow[],
  service: string,
  from: number,
): ChangeWithRow[] =>
  changes
    .filter((one) => one.row.service === service && one.change.startedAt !== null && startedAt(one) > from)
    .toSorted((a, b) => startedAt(b) - startedAt(a));

/** Those that are priced: the newest of the window, and all of the last day. */
export const pricedChanges = (own: readonly ChangeWithRow[], now: number): ChangeWithRow[] =>
  own.filter((one, index) => index === 0 || startedAt(one) > now - recentSeconds).slice(0, mostOfOne);

/** What changes cost each objective of an environment; worked out once per change, objective and minute. */
export class ChangeCosts {
  private readonly priced = new Map<string, Priced>();

  /** Prices those that are due, newest first. Changes are those of the environment. */
  async read(
    db: () => DatabaseOrTransaction,
    config: Config,
    state: FleetState,
    changes: readonly ChangeWithRow[],
  ): Promise<Map<string, LastChange[]>> {
    const found = state.known.map((known) => {
      const own = changesSince(changes, known.slo.service, known.bounds.from);
      return {
        known,
        changes: pricedChanges(own, state.at).map((change) => ({
          change,
          name: `${known.slo.id} ${change.row.id}`,
        })),
      };
    });
    const names = new Set(found.flatMap((one) => one.changes.map(({ name }) => name)));
    for (const name of this.priced.keys()) if (!names.has(name)) this.priced.delete(name);
    await this.priceDue(db, config, state, found);
    return new Map(
      found.map(({ known, changes: own }) => [
        known.slo.id,
        own.map(({ change, name }) => lastChangeOf(known, change, this.priced.get(name)?.line ?? null)),
      ]),
    );
  }

  private async priceDue(
    db: () => DatabaseOrTransaction,
    config: Config,
    state: FleetState,
    found: readonly { known: Known; changes: { change: ChangeWithRow; name: string }[] }[],
  ): Promise<void> {
    const due = found.flatMap(({ known, changes }) =>
      changes.flatMap(({ change, name }, age) => {
        const kept = this.priced.get(name);
        const key = `${change.row.state}/${Math.floor(known.to / 60)}`;
        const isDone = kept?.isFinal === true || kept?.key === key || known.groups.length === 0;
        return isDone ? [] : [{ known, change, name, key, age, isNew: kept === undefined }];
      }),
    );
    // The last change of every objective first, and what was never priced before what is priced again.
    due.sort((a, b) => a.age - b.age || Number(b.isNew) - Number(a.isNew));
    for (const { known, change, name, key } of due.slice(0, atOnce)) {
      const line = await priceOfChange(db(), config, state, known, change);
      const isFinal = line !== null && line.claim.end !== 'running' && known.to > line.claim.to + settled;
      this.priced.set(name, { key, isFinal, line });
    }
  }
}

/** The line of a change in the ledger of an objective; its window and a day before it are all that is read. */
async function priceOfChange(
  db: DatabaseOrTransaction,
  config: Config,
  state: FleetState,
  { slo, groups, to, lens }: Known,
  { change }: ChangeWithRow,
): Promise<TotalLine | null> {
  const started = (change.startedAt?.getTime() ?? 0) / 1000;
  const window = { from: started - 1, to };
  const horizon = horizonSeconds.usual;
  const { claims } = await readClaims(db, config, {
    slo,
    environment: state.environment,
    span: window,
    now: state.at,
    horizon,
  });
  const id = changeClaimId(change.number);
  const claim = mergeRegions(claims).find((one) => one.id === id);
  if (claim === undefined) return null;
  const span = { from: claim.from - BACKGROUND_MAX_SECONDS, to: Math.min(to, claim.to) };
  const listed = state.groups.filter(({ groupId }) => groups.some((group) => group.groupId === groupId));
  const ids = listed.map(({ groupId }) => groupId);
  const cells = await readCells(db, ids, span, state.at);
  const { region } = serviceOf(config, slo.service).metrics.labels;
  const options = {
    budgetRatio: objectiveOf(slo.objective).budget,
    minFailures: slo.minFailures,
    excluded: lens.excluded,
  };
  const ledgers = listed.map((group) =>
    ledgerOf(
      withoutSpans(cells.get(group.groupId) ?? [], lens.excluded),
      { from: claim.from, to: span.to },
      claimsOfGroup(claims, group.labels, region),
      options,
    ),
  );
  return joinLedgers(ledgers).lines.find((line) => line.claim.id === id) ?? null;
}

function lastChangeOf(
  { slo, whole, to, bounds, lens }: Known,
  { row, change }: ChangeWithRow,
  line: TotalLine | null,
) {
  const total = whole.window.counts?.total ?? 0;
  const base = { budgetRatio: objectiveOf(slo.objective).budget, total, seconds: to - bounds.from };
  return {
    id: row.id,
    title: row.title,
    by: change.requesterName,
    at: (change.startedAt ?? change.createdAt).toISOString(),
    failed: line?.net ?? null,
    low: line?.low ?? null,
    high: line?.high ?? null,
    // The ledger counts events: of a budget of slices they are no share.
    share: line === null || lens.slices !== null ? null : costOf(line.net, base).share,
    isShared: (line?.sharedWith.length ?? 0) > 0,
  };
}
