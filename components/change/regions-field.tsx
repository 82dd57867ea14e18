'use client';

import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useId, useState } from 'react';
import { SelectField } from '@/components/ui/field';

export type OnFailure = 'back-out-all' | 'keep-finished';

type RegionsFieldProps = {
  /** Chosen ones in the order in which they are taken; never empty. */
  value: readonly string[];
  /** Regions that could be added. */
  others: readonly string[];
  onChange: (regions: string[]) => void;
  /** Null: nothing is asked about finished regions. */
  onFailure: OnFailure | null;
  onOnFailure: (onFailure: OnFailure) => void;
};

const tool =
  'grid size-7 place-items-center rounded-control text-text-2 hover:bg-raised hover:text-text aria-disabled:text-text-3 aria-disabled:opacity-50 max-sm:size-11';

/** Regions in the order in which they are taken (TRF-06): the order is always said, never guessed. */
export function RegionsField({ value, others, onChange, onFailure, onOnFailure }: RegionsFieldProps) {
  const id = useId();
  const [said, setSaid] = useState('');
  const change = (regions: string[], words: string) => {
    setSaid(words);
    onChange(regions);
  };
  const move = (from: number, by: 1 | -1) => {
    const region = value[from];
    if (region === undefined || value[from + by] === undefined) return;
    const rest = value.filter((_, index) => index !== from);
    change(
      [...rest.slice(0, from + by), region, ...rest.slice(from + by)],
      `${region} is number ${from + by + 1} of ${value.length}.`,
    );
  };
  return (
    <div className="grid gap-2">
      <div className="grid gap-1">
        <p id={id} className="font-medium">
          {value.length === 1 ? 'Region' : 'Regions, in this order'}
        </p>
        <ol aria-labelledby={id} className="grid gap-1">
          {value.map((region, index) => (
            <li
              key={region}
              className="flex items-center gap-1 rounded-control border border-line-strong py-0.5 pr-1 pl-2.5"
            >
              <span className="mono min-w-0 flex-1 truncate">
                <span className="pr-2 text-text-3">{index + 1}</span>
                {region}
              </span>
              <button
                type="button"
                className={tool}
                aria-label={`Move ${region} up`}
                aria-disabled={index === 0 || undefined}
                onClick={() => move(index, -1)}
              >
                <ArrowUp aria-hidden className="size-4" />
              </button>
              <button
                type="button"
                className={tool}
                aria-label={`Move ${region} down`}
                aria-disabled={index === value.length - 1 || undefined}
                onClick={() => move(index, 1)}
              >
                <ArrowDown aria-hidden className="size-4" />
              </button>
              <button
                type="button"
                className={tool}
                aria-label={`Leave ${region} out`}
                aria-disabled={value.length === 1 || undefined}
                aria-description={value.length === 1 ? 'A change is of one region at least.' : undefined}
                onClick={() =>
                  value.length > 1 &&
                  change(
                    value.filter((one) => one !== region),
                    `${region} is left out.`,
                  )
                }
              >
                <X aria-hidden className="size-4" />
              </button>
            </li>
          ))}
        </ol>
        {others.length > 0 ? (
          <div className="flex flex-wrap gap-x-3 gap-y-1">
            {others.map((region) => (
              <button
                key={region}
                type="button"
                className="text-accent hover:underline max-sm:min-h-11"
                onClick={() => change([...value, region], `${region} is number ${value.length + 1}.`)}
              >
                Add {region}
              </button>
            ))}
          </div>
        ) : null}
        <p role="status" className="sr-only">
          {said}
        </p>
      </div>
      {onFailure !== null && value.length > 1 ? (
        <SelectField
          label="When a later region fails"
          value={onFailure}
          onChange={({ target }) =>
            onOnFailure(target.value === 'keep-finished' ? 'keep-finished' : 'back-out-all')
          }
          hint="Part of what is signed"
        >
          <option value="back-out-all">Finished regions go back too</option>
          <option value="keep-finished">Finished regions keep the new version</option>
        </SelectField>
      ) : null}
    </div>
  );
}
