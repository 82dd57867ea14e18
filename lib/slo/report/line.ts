import { joinGroups, type Lens, type Run, recordedOf, tallyBetween, throughLens } from '../fleet/tallies';
import { type Cell, cellsOf } from '../ledger/cells';
import type { Claim } from '../ledger/claims';
import { joinLedgers, ledgerOf, type TotalLedger } from '../ledger/ledger';
import type { Said } from '../ledger/read-claims';
import { clip, type Span, totalLength } from '../ledger/spans';
import { addTallies, type Tally } from '../math/counts';
import { allowedFailures, objectiveOf } from '../math/objective';
import type { Bounds } from '../math/window';
import { rounded } from './amounts';
import type { ReportExclusion, ReportLine } from './contract';
import { costsOf } from './costs';
import { totalsOf } from './totals';
import { dateTimeText } from './words';

/** What a line says of its objective beside the figures. */
export type Head = Pick<
  ReportLine,
  | 'objective'
  | 'definition'
  | 'isEarlier'
  | 'name'
  | 'service'
  | 'serviceName'
  | 'owner'
  | 'target'
  | 'unit'
  | 'sliceSeconds'
  | 'zone'
>;

/**
 * One group: its buckets from before the month on, so that causes have a background, and who may have spent. Where
 * nobody claims anything and nothing is excluded, the sum of its spans will do.
 */
export type LineGroup = { runs: readonly Run[]; claims: readonly Claim[] } | { sum: Tally };

export type LineInput = {
  head: Head;
  month: Bounds;
  /** Up to where events are counted; the end of the month when it is over. */
  until: number;
  /** When the definition was in force within the month. */
  spans: readonly Span[];
  groups: readonly LineGroup[];
  slices: Lens['slices'];
  excluded: readonly Span[];
  exclusions: ReportExclusion[];
  said: ReadonlyMap<string, Said>;
  minFailures: number;
  maintenance: 'counts' | 'excluded';
  /** When the configuration first had the definition, and until when. */
  firstSeen: number;
  retired: number | null;
};

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** What is known of a group in the spans. */
function tallyOf(runs: readonly Run[], spans: readonly Span[]): Tally {
  const recorded = recordedOf(runs);
  return addTallies(spans.map(({ from, to }) => tallyBetween(recorded, from, to)));
}

/** The cells whose ends lie in the span: a bucket belongs to one month and one definition. */
function ledgerWithin(cells: readonly Cell[], span: Span, claims: readonly Claim[], input: LineInput) {
  const inside = cells.filter(({ to }) => to > span.from && to <= span.to);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    ledgerOf(cells, { from: first.from, to: last.to }, claims, {
      budgetRatio: objectiveOf(input.head.target).budget,
      minFailures: input.minFailures,
      excluded: input.excluded,
    }),
  ];
}

type Seen = { tally: Tally; ledger: TotalLedger };

/** Tally and ledger of all groups, with the excluded spans left out. */
function seenWith(input: LineInput, counted: readonly Span[]): Seen {
  const lens: Lens = { excluded: input.excluded, slices: input.slices };
  const groups = input.groups.map((group) => {
    if ('sum' in group) return { tally: group.sum, ledgers: [] };
    const { runs, claims } = group;
    const seen = runs.map((run) => throughLens(run, lens));
    const cells = seen.flatMap(({ size, buckets }) => cellsOf(buckets, size));
    return {
      tally: tallyOf(seen, counted),
      ledgers: counted.flatMap((span) => ledgerWithin(cells, span, claims, input)),
    };
  });
  return {
    tally: joinGroups(
      groups.map(({ tally }) => tally),
      totalLength(counted),
    ),
    ledger: joinLedgers(groups.flatMap(({ ledgers }) => ledgers)),
  };
}

function notesOf(input: LineInput, { invalid }: Tally): string[] {
  const { head, month, firstSeen, retired, spans, maintenance } = input;
  const at = (seconds: number) => `${dateTimeText(head.zone, seconds)} ${head.zone}`;
  const begins = spans[0]?.from ?? month.from;
  return [
    ...(head.isEarlier && retired !== null
      ? [`The objective was edited on ${at(retired)}. What was counted before stays with this definition.`]
      : []),
    ...(begins < Math.min(firstSeen, month.to)
      ? [`Recorded since ${at(firstSeen)}; what is older was filled in from what the source had kept.`]
      : []),
    ...(invalid > 0
      ? [
          `${invalid === 1 ? '1 bucket contradicts itself' : `${invalid} buckets contradict themselves`}, so there is no figure.`,
        ]
      : []),
    ...(maintenance === 'excluded' ? ['Planned maintenance in the ledger is excluded.'] : []),
    ...(head.sliceSeconds === 60
      ? ['Where only 5 minutes were kept, slices of 1 min are judged five at a time.']
      : []),
  ];
}

/** One line of the report, from buckets to figures. Pure. */
export function lineOf(input: LineInput): ReportLine {
  const { head, month, until, spans } = input;
  const objective = objectiveOf(head.target);
  const counted = clip(spans, { from: month.from, to: until });
  const seen = seenWith(input, counted);
  const excludedSeconds = counted.reduce((sum, span) => sum + totalLength(clip(input.excluded, span)), 0);
  const totals = totalsOf(seen.tally, objective, excludedSeconds);
  const { known, expected, method } = seen.tally;
  return {
    ...head,
    from: iso(month.from),
    to: iso(month.to),
    spans: spans.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
    // Cut off at a millionth: almost all is not all.
    coverage: expected <= 0 ? 0 : Math.floor(Math.min(1, known / expected) * 1e6 + 1e-6) / 1e6,
    method,
    monthBudgetSeconds: rounded(allowedFailures(objective, totalLength(spans))),
    ...totals,
    ...costsOf(totals, seen.ledger, input.said),
    excludedSeconds: rounded(excludedSeconds),
    exclusions: input.exclusions,
    without:
      input.excluded.length === 0 || excludedSeconds === 0
        ? null
        : totalsOf(seenWith({ ...input, excluded: [] }, counted).tally, objective, 0),
    notes: notesOf(input, seen.tally),
  };
}
