import Link from 'next/link';
import { cx } from '@/components/ui/class-names';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { paths } from '@/lib/core/paths';
import type { Corrected, MonthReport, ReportLine } from '@/lib/slo/report/contract';
import { coverageText, failuresText, levelText, minutesText, shareText } from '@/lib/slo/report/words';
import { AmountCell, cell, line as row, under } from './figure';
import { keepTogether, lineKey, metText, unitWord } from './words';

/** Below it a figure is told with how much of the month it knows. */
const wholeFrom = 0.995;

/** Every objective of the month: what it allowed, what was spent of it, and whether it was met. */
export function LineTable({ data }: { data: MonthReport }) {
  const { report, corrected } = data;
  return (
    <ScrollX label="Objectives of the month">
      <table className="w-full border-collapse">
        <caption className="sr-only">
          Objectives with target, service level, budget, what was spent and what is left, in minutes of full
          outage and in failures
        </caption>
        <thead>
          <tr>
            <Th>Objective</Th>
            <Th>Result</Th>
            <Th end>Level</Th>
            <Th end>Target</Th>
            <Th end>Budget of the month</Th>
            <Th end>Spent</Th>
            <Th end>Share</Th>
            <Th end>Left</Th>
            <Th>Known, method</Th>
          </tr>
        </thead>
        <tbody>
          {report.lines.map((one) => (
            <Line
              key={lineKey(one)}
              line={one}
              timeZone={report.timeZone}
              corrected={corrected.find((other) => lineKey(other) === lineKey(one))}
            />
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

type LineProps = { line: ReportLine; timeZone: string; corrected: Corrected | undefined };

function Line({ line, timeZone, corrected }: LineProps) {
  const { tone, word } = metText(line);
  const share = line.spent?.share ?? null;
  return (
    <tr className={row}>
      <th scope="row" className={cx(cell, 'min-w-44 text-left font-normal')}>
        <Link href={paths.slo(line.objective)} className="font-medium hover:underline">
          {line.name}
        </Link>
        <span className={under}>
          {[
            line.serviceName,
            line.owner,
            line.isEarlier ? 'before it was edited' : null,
            line.zone === timeZone ? null : `month of ${line.zone}`,
          ]
            .filter((part) => part !== null && part !== '')
            .join(', ')}
        </span>
      </th>
      <td className={cx(cell, 'whitespace-nowrap')}>
        <StateText tone={tone}>{word}</StateText>
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right font-medium')}>
        {line.sli === null ? '–' : keepTogether(`${levelText(line.sli, line.target)} %`)}
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right')}>{keepTogether(`${line.target} %`)}</td>
      <td className={cx(cell, 'whitespace-nowrap text-right')}>
        {keepTogether(minutesText(line.monthBudgetSeconds))}
        {line.budget === null ? null : (
          <span className={under}>
            {failuresText(line.budget.failures)} {unitWord(line)}
          </span>
        )}
        {line.budget !== null && line.budget.seconds < wholeFrom * line.monthBudgetSeconds ? (
          <span className={under}>{keepTogether(minutesText(line.budget.seconds))} of it counted</span>
        ) : null}
      </td>
      <AmountCell amount={line.spent} emphasis>
        {corrected === undefined ? null : <CorrectedNote corrected={corrected} />}
      </AmountCell>
      <td className={cx(cell, 'whitespace-nowrap text-right')}>
        {share === null ? <span className="text-text-3">–</span> : <ShareBar share={share} />}
      </td>
      <AmountCell amount={line.left} />
      <td className={cell}>
        {keepTogether(coverageText(line.coverage))}
        <span className={under}>{line.method === null ? 'nothing counted' : line.method}</span>
      </td>
    </tr>
  );
}

/** The frozen figure stays; this is what it would be if the corrections hold. */
const CorrectedNote = ({ corrected }: { corrected: Corrected }) => (
  <span className={cx(under, 'mt-0.5 text-hold')}>
    <span className="block">corrected: {keepTogether(minutesText(corrected.seconds))}</span>
    <span className="block">
      {failuresText(corrected.failures)}
      {corrected.isMet === null ? '' : corrected.isMet ? ', met' : ', missed'}
    </span>
  </span>
);

function ShareBar({ share }: { share: number }) {
  return (
    <span className="inline-grid w-20 justify-items-end gap-1">
      <span className={cx(share > 1 && 'font-semibold text-crit')}>{keepTogether(shareText(share))}</span>
      <span
        aria-hidden
        className="block h-1.5 w-full overflow-hidden rounded-[1px] bg-[color-mix(in_oklab,var(--text)_9%,transparent)]"
      >
        <span
          className={cx('block h-full rounded-[1px]', share > 1 ? 'hatch bg-crit' : 'bg-text-3')}
          style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }}
        />
      </span>
    </span>
  );
}
