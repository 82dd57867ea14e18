import { formatDuration } from '@/lib/core/duration';
import type { Exhaustion, LastChange } from '../contract';
import type { Judged } from '../fleet/figures';
import type { Figures } from '../math/budget';
import type { Tally } from '../math/counts';
import type { How, Pace, SloMode } from './contract';
import { count, percent, times } from './words';

export type HowInput = {
  unit: 'events' | 'slices';
  judged: Pick<Judged, 'objective' | 'burn1h'>;
  figures: Figures;
  windowSeconds: number;
  isCalendar: boolean;
  /** The last hour. */
  hour: Tally;
  paces: readonly Pace[];
  lastChange: LastChange | null;
  queries: readonly string[];
  /** How the window was counted. */
  counted: string;
};

const none = (figures: Figures): string =>
  ({
    'no-data': 'Nothing of the window is known.',
    'no-traffic': 'Nothing was asked in the window, and 0/0 is not 100 %.',
    invalid: 'The window holds impossible counts.',
    partial: 'Less than half of the window is known.',
    ok: '',
    'no-errors': '',
  })[figures.state];

function sli({ figures, unit, counted }: HowInput): Omit<How, 'queries'> {
  const { counts, sli: ratio } = figures;
  return {
    formula: `good ${unit} / all ${unit} of the window`,
    filled:
      counts === null || ratio === null
        ? none(figures)
        : `(${count(counts.total)} − ${count(counts.bad)}) / ${count(counts.total)} = ${percent(ratio, 4)}`,
    notes: [counted],
  };
}

function budget({ figures, unit, judged: { objective }, windowSeconds }: HowInput): Omit<How, 'queries'> {
  const { counts, budgetLeft, allowedFailures, failureCosts } = figures;
  const notes = [
    `${percent(objective.budget, 4)} of ${formatDuration(windowSeconds)} are ${formatDuration(figures.budgetSeconds)} of full outage at constant traffic.`,
  ];
  if (failureCosts !== null) {
    notes.push(`One failed ${unit === 'events' ? 'event' : 'slice'} costs ${percent(failureCosts)} of it.`);
  }
  return {
    formula: `1 − bad / ((1 − objective) × all ${unit})`,
    filled:
      counts === null || budgetLeft === null || allowedFailures === null
        ? none(figures)
        : `1 − ${count(counts.bad)} / (${percent(objective.budget, 4)} × ${count(counts.total)}) = 1 − ${count(counts.bad)} / ${count(allowedFailures)} = ${percent(budgetLeft)}`,
    notes,
  };
}

function burn({ hour, judged: { objective, burn1h } }: HowInput): Omit<How, 'queries'> {
  const { counts } = hour;
  return {
    formula: 'share of failures in the last hour / (1 − objective)',
    filled:
      counts === null
        ? 'Nothing of the last hour is known.'
        : burn1h === null
          ? 'Nothing was asked in the last hour.'
          : `(${count(counts.bad)} / ${count(counts.total)}) / ${percent(objective.budget, 4)} = ${times(burn1h)}`,
    notes: ['At 1× the budget lasts exactly the window.'],
  };
}

const word = (exhaustion: Exhaustion): string => {
  switch (exhaustion.kind) {
    case 'spent':
      return 'spent';
    case 'in':
      return `in ${formatDuration(exhaustion.seconds)}`;
    case 'never':
      return 'never';
    case 'unknown':
      return 'not known';
    default:
      return exhaustion satisfies never;
  }
};

function exhaustion({ paces, isCalendar, figures }: HowInput): Omit<How, 'queries'> {
  const told = paces.map(
    (pace) =>
      `${formatDuration(pace.spanSeconds)} pace${pace.burn === null ? '' : ` of ${times(pace.burn)}`}: ${word(pace.exhaustion)}`,
  );
  return {
    formula: isCalendar
      ? 'the first moment at which the failures so far and those of the pace reach what the whole period allows'
      : 'the first t at which 1 − (bad kept + pace × t) / ((1 − objective) × (all kept + traffic × t)) is 0',
    filled: figures.budgetLeft === null ? none(figures) : told.join('; '),
    notes: [
      isCalendar
        ? 'In a calendar period nothing rolls off: the budget ends with the period.'
        : 'Old failures leave the window as time goes on, so a slow burn may never use the budget up.',
    ],
  };
}

function lastChange({ lastChange: change, unit }: HowInput): Omit<How, 'queries'> {
  const formula = `failures in the change's span − background ratio × ${unit} in it`;
  if (change === null) return { formula, filled: 'No change was carried out in the window.', notes: [] };
  if (change.failed === null) return { formula, filled: `${change.id} is not priced yet.`, notes: [] };
  const range =
    change.low === null || change.high === null
      ? ''
      : `, between ${count(change.low)} and ${count(change.high)} with 95 %`;
  const share = change.share === null ? '' : ` = ${percent(change.share)} of the budget`;
  return {
    formula,
    filled: `${change.id}: ${count(change.failed)} failed${range}${share}`,
    notes: change.isShared ? ['Other lines of the ledger stand in the same span: the cost is shared.'] : [],
  };
}

/** How each tile came about, with the numbers of now. */
export function howOf(input: HowInput): SloMode['how'] {
  const queries = [...input.queries];
  return {
    sli: { ...sli(input), queries },
    budget: { ...budget(input), queries },
    burn: { ...burn(input), queries },
    exhaustion: { ...exhaustion(input), queries },
    'last-change': { ...lastChange(input), queries: [] },
  };
}
