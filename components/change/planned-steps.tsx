'use client';

import { cx } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/number-text';
import { Th } from '@/components/ui/table';
import type { Forecast } from '@/lib/change/staged/contract';
import { groupByRegion, type ScheduledStep, scheduleOf, timelineOf } from '@/lib/change/staged/schedule';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { formatDuration } from '@/lib/core/duration';
import { budgetText, StagedTimeline, shareText } from './staged-timeline';

const cell = 'px-2 pt-1.5 align-top first:pl-3 last:pr-3 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const line = 'max-sm:grid max-sm:grid-cols-[24px_minmax(0,1fr)_auto] max-sm:gap-x-2 max-sm:px-4';

/** Steps with the share each gives, when it begins, how long it takes, and what it may cost. */
export function PlannedSteps({ plan }: { plan: StagedPlan }) {
  const schedule = scheduleOf(plan);
  return (
    <>
      <StagedTimeline timeline={timelineOf(plan)} version={plan.to.version} />
      <table className="w-full border-collapse max-sm:block">
        <caption className="sr-only">Steps in order, by region</caption>
        <thead className="max-sm:sr-only">
          <tr>
            <Th>
              <span className="sr-only">Number</span>
            </Th>
            <Th className="w-full">Step</Th>
            <Th end>Share</Th>
            <Th end>Starts</Th>
            <Th end>Takes</Th>
            <Th end>Costs at worst</Th>
          </tr>
        </thead>
        {groupByRegion(schedule).map(({ region, steps }) => (
          <tbody key={steps[0]?.n} className="max-sm:block">
            <tr className="max-sm:block">
              <th
                scope="rowgroup"
                colSpan={6}
                className="mono border-line border-b bg-raised px-3 py-1 text-left font-medium text-meta max-sm:block max-sm:px-4"
              >
                {region ?? 'All regions'}
              </th>
            </tr>
            {steps.map((step) => (
              <StepLine key={step.n} step={step} forecast={plan.staged.forecast} />
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}

function StepLine({ step, forecast }: { step: ScheduledStep; forecast: Forecast }) {
  const cost = costOf(step.n, forecast);
  return (
    <>
      <tr className={cx(line, 'max-sm:pt-2')}>
        <td className={cx(cell, 'text-text-3')}>{step.n}</td>
        <td className={cx(cell, 'font-medium')}>{step.title}</td>
        <td className={cx(cell, 'whitespace-nowrap text-right')}>
          {step.share === null ? '' : shareText(step.share)}
        </td>
        <td className={cx(cell, 'whitespace-nowrap text-right text-text-2 max-sm:hidden')}>
          {step.isEarliest ? 'from ' : ''}+{formatDuration(step.startsSeconds)}
        </td>
        <td
          className={cx(
            cell,
            'whitespace-nowrap text-right text-text-2 max-sm:col-span-2 max-sm:col-start-2 max-sm:text-left',
          )}
        >
          {step.usualSeconds === null ? 'not known' : formatDuration(step.usualSeconds)}
        </td>
        <td
          className={cx(
            cell,
            'whitespace-nowrap text-right max-sm:col-span-2 max-sm:col-start-2 max-sm:text-left',
            cost === null && 'max-sm:hidden',
          )}
        >
          {cost === null ? null : (
            <>
              {cost.requests}
              <span className="sm:hidden"> at worst</span>
              <span className="text-meta text-text-2"> {cost.budget}</span>
              {cost.isWorst ? (
                <span className="block text-meta text-warn max-sm:inline"> costs most</span>
              ) : null}
            </>
          )}
        </td>
      </tr>
      {/* Below its figures, so that a sentence has the width of the table. */}
      <tr className={cx(line, 'border-line border-b max-sm:pb-2')}>
        <td className="pb-1.5 max-sm:p-0" />
        <td colSpan={5} className="px-2 pb-1.5 max-sm:col-span-2 max-sm:p-0">
          {step.detail ? <p className="max-w-[88ch] text-meta text-text-2">{step.detail}</p> : null}
        </td>
      </tr>
    </>
  );
}

/** Failed requests of one step at worst, and their part of the whole budget. */
function costOf(n: number, { steps, worst, ofBudget }: Forecast) {
  const cost = steps.find((one) => one.n === n);
  if (cost === undefined) return null;
  const requests = Math.max(cost.totalFailure, cost.slowBurn);
  const part = ofBudget === null || worst === null || worst <= 0 ? null : (requests / worst) * ofBudget;
  return {
    requests: formatCount(Math.ceil(requests)),
    budget: part === null ? '' : budgetText(part),
    isWorst: steps.length > 1 && requests === worst,
  };
}
