'use client';

import { formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { ChangeView } from '@/lib/change/contract';
import { stateWords } from '@/lib/change/model';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { readingValue } from '@/lib/core/reading';
import { ratioOf } from './analysis-lines';
import { shareText } from './staged-timeline';
import { changeTone } from './tone';

const heading = 'max-sm:h-auto max-sm:whitespace-normal max-sm:py-1.5 max-sm:align-bottom';
const cell =
  'whitespace-nowrap max-sm:whitespace-normal border-line border-b px-2 py-1.5 first:pl-3 last:pr-3';

/** What was before and what is after, by region; how it ended stands in a sentence at the top of the page. */
export function VerdictPanel({ view, plan }: { view: ChangeView; plan: StagedPlan }) {
  const { change } = view;
  if (change.finishedAt === null || change.startedAt === null) return null;
  // The window of the first reading reaches back into the time in which they were refused.
  const refused = plan.staged.objects.flatMap(({ part, region }) => (part === 'maintenance' ? [region] : []));
  const rows = plan.staged.analysis.map(({ region }) => {
    const all = view.measured.find((one) => one.region === region);
    const [first, last] = [all?.firstJudged ?? null, all?.lastJudged ?? null];
    const colours = view.traffic.find((one) => one.region === region)?.colours;
    const now = colours === undefined ? null : readingValue(colours);
    return {
      region,
      before: plan.staged.shares.find((one) => one.region === region)?.before ?? 0,
      after: now?.find(({ part }) => part === 'new')?.share ?? null,
      old: first === null ? null : ratioOf(first.baselineFailed, first.baselineTotal),
      fresh: last === null ? null : ratioOf(last.failed, last.total),
    };
  });
  return (
    <Panel
      title={
        <>
          Verdict: <StateText tone={changeTone[change.state]}>{stateWords[change.state]}</StateText>
        </>
      }
    >
      <ScrollX label="Before and after, by region">
        <table className="w-full border-collapse">
          <caption className="sr-only">Before and after, by region</caption>
          <thead>
            <tr>
              <Th>Region</Th>
              <Th end className={heading}>
                Share of {plan.to.version} before
              </Th>
              <Th end className={heading}>
                Share now
              </Th>
              <Th end className={heading}>
                Errors of {plan.from.version}, first reading
              </Th>
              <Th end className={heading}>
                Errors of {plan.to.version}, last reading
              </Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.region}>
                <th scope="row" className={`${cell} mono whitespace-nowrap! text-left font-normal`}>
                  {row.region}
                </th>
                <td className={`${cell} text-right`}>{shareText(row.before)}</td>
                <td className={`${cell} text-right`}>
                  {row.after === null ? 'not known' : shareText(row.after)}
                </td>
                <td className={`${cell} text-right`}>
                  {row.old === null ? 'no reading' : formatRatio(row.old)}
                  {row.old !== null && row.old > 0 && refused.includes(row.region) ? (
                    <span className="block text-meta text-text-3">maintenance mode refused requests</span>
                  ) : null}
                </td>
                <td className={`${cell} text-right`}>
                  {row.fresh === null ? 'no reading' : formatRatio(row.fresh)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}
