import { formatRate, formatRatio, formatSeconds } from '@/components/ui/number-text';
import type { SliRow } from '@/lib/service/sli/contract';
import { bySeverity, type SliState } from '@/lib/service/sli/model';

const nb = '\u00a0';
type Unit = SliRow['unit'];

const formats: Record<Unit, (value: number) => string> = {
  seconds: formatSeconds,
  ratio: (value) => formatRatio(value),
  'per-second': formatRate,
};

export const valueText = (unit: Unit, value: number): string => formats[unit](value);

/** A limit as it is written: 0.05 %, not 0.050 %. */
export const limitText = (unit: Unit, value: number): string =>
  unit === 'seconds'
    ? value < 1
      ? `${Number((value * 1000).toPrecision(6))}${nb}ms`
      : `${Number(value.toPrecision(6))}${nb}s`
    : `${Number((value * 100).toPrecision(6))}${nb}%`;

export type LimitTexts = { target: string; warning: string[]; critical: string[] };

/** What the table of the guide has in its columns, for the limits that hold here. */
export function limitTexts({ unit, limits }: Pick<SliRow, 'unit' | 'limits'>): LimitTexts {
  if (limits.kind === 'baseline') {
    const both = (key: 'warning' | 'critical') => [
      `>${nb}+${limitText('ratio', limits.up[key].value)}`,
      `≤${nb}−${limitText('ratio', limits.down[key].value)}`,
    ];
    return { target: 'same hour', warning: both('warning'), critical: both('critical') };
  }
  const [good, bad] = limits.kind === 'above' ? ['>', '<'] : ['<', '>'];
  const { low, target, warning, critical } = limits;
  return {
    target:
      low === null || limits.kind !== 'band'
        ? `${good}${nb}${limitText(unit, target.value)}`
        : `${Number((low.value * 100).toPrecision(6))}–${limitText(unit, target.value)}`,
    warning: [`${bad}${nb}${limitText(unit, warning.value)}`],
    critical: [`${bad}${nb}${limitText(unit, critical.value)}`],
  };
}

/** +8 %, −100 %: a change against the same hour. */
export function changeText(change: number): string {
  const percent = Math.abs(change) * 100;
  return `${change < 0 ? '−' : '+'}${percent.toFixed(percent < 10 ? 1 : 0)}${nb}%`;
}

const counted: Record<SliState, string> = {
  critical: 'critical',
  warning: 'in warning',
  'no-data': 'without data',
  'off-target': 'off target',
  'under-used': 'under-used',
  ok: 'on target',
};

/** "1 critical, 2 off target, 6 on target.": worst first. */
export function summaryText(rows: readonly Pick<SliRow, 'state'>[]): string {
  const parts = bySeverity.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${counted[state]}`];
  });
  return `${parts.join(', ')}.`;
}
