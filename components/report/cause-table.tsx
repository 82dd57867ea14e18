import { cx } from '@/components/ui/class-names';
import { ScrollX } from '@/components/ui/scroll-x';
import { Th } from '@/components/ui/table';
import { type Cause, causes, causeWords } from '@/lib/slo/ledger/model';
import type { ReportLine } from '@/lib/slo/report/contract';
import { lineName } from '@/lib/slo/report/words';
import { AmountCell, cell, line as row } from './figure';
import { lineKey } from './words';

/** What spent each budget: the causes of a row and what none explains are what was spent, exactly. */
export function CauseTable({ lines }: { lines: readonly ReportLine[] }) {
  const counted = lines.filter(({ spent }) => spent !== null);
  const hasCost = (cause: Cause) =>
    counted.some(({ byCause }) => byCause.some((one) => one.cause === cause && one.failures > 0));
  const shown = causes.filter((cause) => cause === 'unexplained' || hasCost(cause));
  const silent = causes.filter((cause) => !shown.includes(cause));
  return (
    <>
      <ScrollX label="What spent the budgets, by cause">
        <table className="w-full border-collapse">
          <caption className="sr-only">
            What spent each budget by cause, in minutes of full outage and in failures
          </caption>
          <thead>
            <tr>
              <Th>Objective</Th>
              {shown.map((cause) => (
                <Th key={cause} end>
                  {causeWords[cause]}
                </Th>
              ))}
              <Th end>Spent</Th>
            </tr>
          </thead>
          <tbody>
            {counted.map((line) => (
              <tr key={lineKey(line)} className={row}>
                <th scope="row" className={cx(cell, 'min-w-44 text-left font-normal')}>
                  {lineName(line)}
                </th>
                {shown.map((cause) => (
                  <AmountCell key={cause} amount={line.byCause.find((one) => one.cause === cause) ?? null} />
                ))}
                <AmountCell amount={line.spent} emphasis />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {silent.length === 0 ? null : (
        <p className="border-line border-t px-3 py-2 text-meta text-text-3 max-sm:px-4">
          Nothing was spent on: {silent.map((cause) => causeWords[cause].toLowerCase()).join(', ')}.
        </p>
      )}
    </>
  );
}
