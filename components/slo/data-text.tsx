import { formatRatio } from '@/components/ui/number-text';
import { reasonWords } from '@/components/ui/reading-value';
import { StateText } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { FleetRow, SloNumbers, SloProgress } from '@/lib/slo/contract';
import { methodText, methodWhy, stateText, stateTone, stateWhy } from './words';

/** How much of the window is known; nothing to say when all of it is, or nothing. */
export const coverageText = (coverage: number): string | null =>
  coverage >= 0.9995 || coverage === 0 ? null : `${formatRatio(Math.floor(coverage * 1000) / 1000, 1)} known`;

/** What the counts are worth: their state, how much is known, and how they were counted. */
export function NumbersText({ numbers }: { numbers: SloNumbers }) {
  const { state, coverage, method } = numbers;
  const known = coverageText(coverage);
  return (
    <>
      <span title={stateWhy[state] === '' ? undefined : stateWhy[state]}>
        <StateText tone={stateTone[state]}>{stateText[state]}</StateText>
      </span>
      <span className="text-meta text-text-3 max-sm:ml-2 sm:block">
        {method === null ? null : <span title={methodWhy[method]}>{methodText[method]}</span>}
        {method !== null && known !== null ? ', ' : null}
        {known}
      </span>
    </>
  );
}

/** The same for a row, whose figures may be old or missing altogether. */
export function DataText({ row }: { row: FleetRow }) {
  const { numbers } = row;
  if (numbers.state === 'missing') {
    return (
      <span className="block whitespace-normal">
        <StateText tone="unknown">No data</StateText>
        <span className="block text-meta text-text-3">{numbers.detail ?? reasonWords[numbers.reason]}</span>
      </span>
    );
  }
  return (
    <>
      <NumbersText numbers={numbers.value} />
      {numbers.state === 'stale' ? (
        <span className="block text-meta text-warn" title={numbers.detail ?? reasonWords[numbers.reason]}>
          as of <TimeAgo at={numbers.observedAt} />
        </span>
      ) : null}
    </>
  );
}

/** How far the past is filled in, and what stops it. */
export function FillProgress({ progress }: { progress: SloProgress | null }) {
  if (progress === null || progress.sentence === null) return null;
  const { done, total } = progress.backfill;
  return (
    <span className="block max-w-80 whitespace-normal text-meta text-text-2">
      {done < total ? (
        <span
          role="progressbar"
          aria-label="Days of the past that are filled in"
          aria-valuenow={done}
          aria-valuemin={0}
          aria-valuemax={total}
          tabIndex={-1}
          className="my-1 block h-1 rounded-[1px] bg-raised"
        >
          <span
            className="block h-full rounded-[1px] bg-info"
            style={{ width: `${(done / total) * 100}%` }}
          />
        </span>
      ) : null}
      {progress.sentence}
      {progress.problem === null ? null : <span className="block text-warn">{progress.problem.message}</span>}
    </span>
  );
}
