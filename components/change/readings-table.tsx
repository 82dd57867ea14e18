import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatCount, formatRatio } from '@/components/ui/number-text';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { formatTime, Time, useZone } from '@/components/ui/time-ago';
import { readMeasurements } from '@/lib/change/client';
import type { MeasuredView, MeasurementView } from '@/lib/change/contract';
import { ratioOf } from './analysis-lines';
import { Evidence } from './evidence';
import { OlderButton } from './older-button';
import { allOf, OlderReadings } from './readings-text';
import { shareText } from './staged-timeline';
import { shortWords, verdictTone } from './tone';
import { useOlder } from './use-older';

const SHOWN = 60;

type ReadingsTableProps = {
  change: string;
  /** Null: of a change of one Deployment, where nothing is compared. */
  region: string | null;
  readings: readonly MeasurementView[];
  all: MeasuredView | undefined;
  newName: string;
  oldName: string;
};

/** Every reading, the newest first; each opens to what was asked and what was answered. */
export function ReadingsTable({ change, region, readings, all, newName, oldName }: ReadingsTableProps) {
  const { shown, isAll, isReading, problem, showOlder } = useOlder({
    newest: readings,
    first: SHOWN,
    keyOf: ({ id }) => Number(id),
    read: async ({ id }) => (await readMeasurements(change, region, id)).measurements,
  });
  const where = region ?? 'the guard';
  return (
    <>
      <ScrollX label={`Readings of ${where}`} className="@container max-h-96 overflow-y-auto">
        <table className="w-full border-collapse max-sm:block">
          <caption className="sr-only">Readings of {where}, newest first</caption>
          <thead className="max-sm:hidden">
            <tr>
              <Th>Time</Th>
              <Th end>Step</Th>
              <Th>Verdict</Th>
              <Th end>{newName} failed</Th>
              {region === null ? null : (
                <>
                  <Th end>{oldName} failed</Th>
                  <Th end>Share</Th>
                </>
              )}
              <Th>Detail</Th>
            </tr>
          </thead>
          <tbody className="max-sm:block">
            {shown.toReversed().map((one) => (
              <Reading key={one.id} of={one} change={change} newName={newName} oldName={oldName} />
            ))}
          </tbody>
        </table>
      </ScrollX>
      {shown.length < allOf(all) ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 max-sm:px-4">
          <OlderReadings all={all} shown={shown.length} />
          {isAll ? null : (
            <OlderButton what="readings" isReading={isReading} problem={problem} onPress={showOlder} />
          )}
        </div>
      ) : null}
    </>
  );
}

/** On phones a row is a small block: there the heading of a column stands before its figure. */
const cell =
  'whitespace-nowrap border-line border-b px-2 py-1 first:pl-3 last:pr-3 max-sm:border-b-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const figure = `${cell} text-right max-sm:text-left max-sm:before:text-text-3 max-sm:before:content-[attr(data-name)_':_']`;

type ReadingProps = { of: MeasurementView; change: string; newName: string; oldName: string };

function Reading({ of, change, newName, oldName }: ReadingProps) {
  const [isOpen, setOpen] = useState(false);
  const zone = useZone();
  const isCompared = of.region !== null;
  return (
    <>
      <tr className="max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:border-line max-sm:border-t max-sm:px-4 max-sm:py-1.5">
        <td className={cx(cell, 'max-sm:order-2 max-sm:self-center')}>
          <Time at={of.at} className="mono text-text-3" />
        </td>
        <td data-name="Step" className={cx(figure, 'max-sm:order-3 max-sm:col-span-2')}>
          {of.step}
        </td>
        <td className={cx(cell, 'max-sm:order-1')}>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`${shortWords[of.verdict]} at ${formatTime(new Date(of.at), zone)}: query and answer`}
            title="Query and answer"
            onClick={() => setOpen(!isOpen)}
            className="-ml-1 inline-flex min-h-6 items-center gap-1 rounded-control px-1 hover:bg-raised max-sm:min-h-11"
          >
            <ChevronRight
              aria-hidden
              className={cx('size-3.5 flex-none text-text-3 transition-transform', isOpen && 'rotate-90')}
            />
            <StateText tone={verdictTone[of.verdict]}>{shortWords[of.verdict]}</StateText>
          </button>
        </td>
        <td data-name={`${newName} failed`} className={cx(figure, 'max-sm:order-4 max-sm:col-span-2')}>
          {countsText(of.failed, of.total)}
        </td>
        {isCompared ? (
          <>
            <td data-name={`${oldName} failed`} className={cx(figure, 'max-sm:order-5 max-sm:col-span-2')}>
              {countsText(of.baselineFailed, of.baselineTotal)}
            </td>
            <td data-name="Share" className={cx(figure, 'max-sm:order-6 max-sm:col-span-2')}>
              {of.share === null ? '–' : shareText(of.share)}
            </td>
          </>
        ) : null}
        <td
          className={cx(
            cell,
            'text-text-2 max-sm:order-7 max-sm:col-span-2 max-sm:whitespace-normal max-sm:break-words',
          )}
        >
          {of.detail ?? ''}
        </td>
      </tr>
      {isOpen ? (
        <tr className="max-sm:block">
          <td colSpan={isCompared ? 7 : 5} className="border-line border-b p-0 max-sm:block">
            <div className="sticky left-0 w-[100cqi] bg-bg">
              <Evidence change={change} measurement={of.id} newName={newName} oldName={oldName} />
            </div>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function countsText(failed: number | null, total: number | null): string {
  const ratio = ratioOf(failed, total);
  if (total === null || failed === null) return '–';
  const counts = `${formatCount(Math.round(failed))} of ${formatCount(Math.round(total))}`;
  return ratio === null ? counts : `${formatRatio(ratio)}, ${counts}`;
}
