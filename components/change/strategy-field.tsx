'use client';

import { useId } from 'react';
import { cx } from '@/components/ui/class-names';
import { deployStrategies } from '@/lib/change/plan-contract';
import {
  type DeployStrategy,
  strategyCards,
  strategyNames,
  strategyProblem,
  type TrafficKind,
  wayBackWords,
} from '@/lib/change/strategies';
import { formatDuration } from '@/lib/core/duration';

type Hold = { weight: number; hold: number };
/** How the steps of each way are set; holds in seconds. */
export type StrategyTimes = { canary: Hold[]; gradual: Hold[]; watchSeconds: number };

function timesWords(strategy: DeployStrategy, times: StrategyTimes): string {
  const watch = `watched ${formatDuration(times.watchSeconds)}`;
  if (strategy !== 'canary' && strategy !== 'gradual') return watch;
  const holds = times[strategy].map(({ weight, hold }) => `${weight} % for ${formatDuration(hold)}`);
  return `${holds.join(', ')}, then all; ${watch}`;
}

type StrategyFieldProps = {
  value: DeployStrategy;
  traffic: TrafficKind | null;
  times: StrategyTimes;
  onChange: (strategy: DeployStrategy) => void;
};

/** The ways to bring a version in, with what speaks for each; those that the place cannot do say why. */
export function StrategyField({ value, traffic, times, onChange }: StrategyFieldProps) {
  const id = useId();
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium">Strategy</legend>
      {deployStrategies.map((strategy) => {
        const problem = strategyProblem(strategy, traffic);
        const { says, risk } = strategyCards[strategy];
        const note = `${id}-${strategy}`;
        const isChosen = value === strategy;
        return (
          <div
            key={strategy}
            className={cx(
              'relative grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 rounded-control border px-2.5 py-2',
              isChosen ? 'border-accent bg-raised' : 'border-line-strong',
              problem !== null && 'border-dashed',
            )}
          >
            <input
              type="radio"
              id={`${note}-choice`}
              name={`${id}-strategy`}
              className="mt-0.5 size-4 accent-accent"
              checked={isChosen}
              disabled={problem !== null}
              onChange={() => onChange(strategy)}
              aria-describedby={note}
            />
            <label
              htmlFor={`${note}-choice`}
              className={cx(
                'after:absolute after:inset-0',
                problem === null ? 'cursor-pointer font-medium' : 'cursor-not-allowed text-text-2',
              )}
            >
              {strategyNames[strategy]}
            </label>
            <div id={note} className="col-start-2 text-meta text-text-2">
              {problem === null ? (
                <>
                  <p>{says}</p>
                  <p className="text-text-3">
                    Risk {risk}. Back: {wayBackWords(strategy, traffic)}.{' '}
                    {sentence(timesWords(strategy, times))}
                  </p>
                </>
              ) : (
                <p>Not here: {problem}</p>
              )}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
