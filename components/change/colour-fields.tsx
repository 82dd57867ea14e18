'use client';

import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { cx } from '@/components/ui/class-names';
import { TextField } from '@/components/ui/field';
import { formatRatio } from '@/components/ui/number-text';
import { ReadingNote } from '@/components/ui/reading-value';
import { coloursQuery } from '@/lib/change/client';
import type { ColourNow, RequestPlan } from '@/lib/change/contract';
import { type TrafficKind, weightProblem } from '@/lib/change/strategies';
import { podsWord } from '@/lib/change/words';
import { type Colour, colours } from '@/lib/config/colours';
import { readingValue } from '@/lib/core/reading';

export type Of<K extends RequestPlan['kind']> = Extract<RequestPlan, { kind: K }>;

export const colourNames: Record<Colour, string> = { blue: 'Blue', green: 'Green' };

/** "3.1.0, 95 % of the requests, 10 of 10 pods ready" */
export function colourWords({ version, share, pods, ready }: ColourNow): string {
  const part = share === null ? 'share not known' : `${formatRatio(share, 0)} of the requests`;
  const running = pods === 0 ? 'no pods' : `${ready} of ${podsWord(pods)} ready`;
  return `${version ?? 'version not known'}, ${part}, ${running}`;
}

/** Both colours of the place now; null while they are read, when they cannot be, and where there is no pair. */
export function useColours({ service, environment, region }: RequestPlan) {
  const { data, error } = useQuery(coloursQuery(service, { environment, region }));
  const reading = data?.colours ?? null;
  return {
    both: reading === null ? null : readingValue(reading),
    note: reading === null ? null : <ReadingNote reading={reading} what="Colours" />,
    isLoading: data === undefined && !error,
  };
}

type ShiftFieldsProps = {
  value: Of<'shift'>;
  traffic: TrafficKind | null;
  onChange: (value: RequestPlan) => void;
  error: string | null;
};

/** The colour that requests go to, with what it runs and takes now, and how many of them. */
export function ShiftFields({ value, traffic, onChange, error }: ShiftFieldsProps) {
  const id = useId();
  const { both, note, isLoading } = useColours(value);
  const { weight } = value;
  const problem = weightProblem(weight ?? 0, traffic);
  return (
    <>
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-medium">Colour</legend>
        {colours.map((colour) => {
          const now = both?.find((one) => one.colour === colour);
          const isChosen = value.colour === colour;
          return (
            <div
              key={colour}
              className={cx(
                'relative grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 rounded-control border px-2.5 py-2',
                isChosen ? 'border-accent bg-raised' : 'border-line-strong',
              )}
            >
              <input
                type="radio"
                id={`${id}-${colour}`}
                name={`${id}-colour`}
                className="mt-0.5 size-4 accent-accent"
                checked={isChosen}
                onChange={() => onChange({ ...value, colour })}
                aria-describedby={`${id}-${colour}-note`}
              />
              <label
                htmlFor={`${id}-${colour}`}
                className="cursor-pointer font-medium after:absolute after:inset-0"
              >
                {colourNames[colour]}
              </label>
              <p id={`${id}-${colour}-note`} className="col-start-2 text-meta text-text-2">
                {now === undefined ? (isLoading ? 'Reading…' : 'Not known now') : colourWords(now)}
              </p>
            </div>
          );
        })}
        {note}
      </fieldset>
      <div className="grid grid-cols-[minmax(0,1fr)_96px] items-start gap-3">
        <div className="grid gap-1">
          <label htmlFor={`${id}-slider`} className="font-medium">
            Share by slider
          </label>
          <input
            id={`${id}-slider`}
            type="range"
            min={1}
            max={100}
            value={weight ?? 1}
            onChange={({ target }) => onChange({ ...value, weight: Number(target.value) })}
            aria-valuetext={`${weight} percent to ${value.colour}`}
            className="h-9 w-full accent-accent max-sm:h-11"
          />
        </div>
        <TextField
          label="Share, %"
          type="number"
          inputMode="numeric"
          min={1}
          max={100}
          value={weight === undefined || weight === 0 ? '' : String(weight)}
          onChange={({ target }) => onChange({ ...value, weight: Math.trunc(Number(target.value)) || 0 })}
          error={error}
          autoComplete="off"
        />
      </div>
      <p className={cx('text-meta', problem === null ? 'text-text-3' : 'text-crit')}>
        {problem ?? `The rest of the requests goes to ${value.colour === 'blue' ? 'green' : 'blue'}.`}
      </p>
    </>
  );
}

type PairBackProps = { value: Of<'rollback'>; onChange: (value: RequestPlan) => void };

/** Back to the other colour: its pods are still there, so that one write is enough (RBK-02). */
export function PairBack({ value, onChange }: PairBackProps) {
  const id = useId();
  const { both, note, isLoading } = useColours(value);
  const target = (both ?? [])
    .toSorted((a, b) => (a.share ?? 0) - (b.share ?? 0))
    .find(({ share }) => share !== null && share < 1);
  const isChosen = value.replicaSet === undefined;
  const { replicaSet: _, lastKnownGood: __, ...place } = value;
  const words =
    target === undefined
      ? isLoading
        ? 'Reading the colours…'
        : 'Which colour takes the requests is not known now; the plan reads it.'
      : `${target.version ?? 'version not known'}, ${target.ready === 0 ? 'no pods warm: they start first' : `${podsWord(target.ready)} warm`}`;
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium">Back by</legend>
      {(['pair', 'revision'] as const).map((way) => {
        const checked = (way === 'pair') === isChosen;
        return (
          <div
            key={way}
            className={cx(
              'relative grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 rounded-control border px-2.5 py-2',
              checked ? 'border-accent bg-raised' : 'border-line-strong',
            )}
          >
            <input
              type="radio"
              id={`${id}-${way}`}
              name={`${id}-way`}
              className="mt-0.5 size-4 accent-accent"
              checked={checked}
              onChange={() => onChange(way === 'pair' ? place : { ...place, replicaSet: '' })}
              aria-describedby={`${id}-${way}-note`}
            />
            <label
              htmlFor={`${id}-${way}`}
              className="cursor-pointer font-medium after:absolute after:inset-0"
            >
              {way === 'revision'
                ? 'A revision of the Deployment'
                : target === undefined
                  ? 'Switch back to the other colour'
                  : `Switch back to ${target.colour}`}
            </label>
            <p id={`${id}-${way}-note`} className="col-start-2 text-meta text-text-2">
              {way === 'pair' ? words : 'A rollout, pod by pod, to a template that it once ran'}
            </p>
          </div>
        );
      })}
      {note}
    </fieldset>
  );
}
