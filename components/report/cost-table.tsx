import Link from 'next/link';
import { cx } from '@/components/ui/class-names';
import { ScrollX } from '@/components/ui/scroll-x';
import { Th } from '@/components/ui/table';
import { paths } from '@/lib/core/paths';
import { causeWords } from '@/lib/slo/ledger/model';
import type { CostLine, ReportLine } from '@/lib/slo/report/contract';
import { dateTimeText, failuresText, lineName, shareText } from '@/lib/slo/report/words';
import { AmountCell, cell, line as row, under } from './figure';
import { keepTogether, lineKey } from './words';

/** So many are shown; all of them are in the sums by cause. */
const shownLines = 20;

/** The changes, incidents and other lines of the ledger that cost most, by share of the budget. */
export function CostTable({ lines, timeZone }: { lines: readonly ReportLine[]; timeZone: string }) {
  const costs = lines
    .flatMap((line) => line.largest.map((cost) => ({ line, cost })))
    .sort((a, b) => (b.cost.share ?? 0) - (a.cost.share ?? 0))
    .slice(0, shownLines);
  return (
    <ScrollX label="What cost most">
      <table className="w-full border-collapse">
        <caption className="sr-only">
          Changes and other causes by their share of a budget, dearest first
        </caption>
        <thead>
          <tr>
            <Th>When ({timeZone})</Th>
            <Th>What</Th>
            <Th>Objective</Th>
            <Th end>Share</Th>
            <Th end>Cost</Th>
            <Th end>Between (95 %)</Th>
          </tr>
        </thead>
        <tbody>
          {costs.map(({ line, cost }) => (
            <tr key={`${lineKey(line)} ${cost.id}`} className={row}>
              <td className={cx(cell, 'whitespace-nowrap')}>
                <time dateTime={cost.at} className="mono text-text-2">
                  {dateTimeText(timeZone, Date.parse(cost.at) / 1000)}
                </time>
              </td>
              <th scope="row" className={cx(cell, 'min-w-44 text-left font-normal')}>
                <What cost={cost} />
                <span className={under}>
                  {causeWords[cost.cause]}, {cost.by}
                  {cost.isShared ? ', shared with others in the same span' : ''}
                </span>
              </th>
              <td className={cx(cell, 'min-w-36')}>{lineName(line)}</td>
              <td className={cx(cell, 'whitespace-nowrap text-right font-medium')}>
                {cost.share === null ? '–' : keepTogether(shareText(cost.share))}
              </td>
              <AmountCell amount={cost} />
              <td className={cx(cell, 'whitespace-nowrap text-right text-text-2')}>
                {failuresText(cost.low)} to {failuresText(cost.high)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

const What = ({ cost: { title, change } }: { cost: CostLine }) =>
  change === null ? (
    <span className="font-medium">{title}</span>
  ) : (
    <Link href={paths.change(change)} className="font-medium hover:underline">
      {title} <span className="mono text-text-3">{change}</span>
    </Link>
  );
