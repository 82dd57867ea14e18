'use client';

import { type FormEvent, useId } from 'react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/class-names';
import { StateGlyph } from '@/components/ui/state';
import type { FleetLines } from '@/lib/slo/fleet/lines';
import { sloWords } from '@/lib/slo/math/word';
import { everything, type FleetLook, toggleWord } from './fleet-url';
import { wordText, wordTone } from './words';

type FleetStripProps = { fleet: FleetLines; look: FleetLook; onLook: (next: FleetLook) => void };

const chip =
  'inline-flex h-7 items-center gap-1.5 rounded-control border bg-surface pr-2.25 pl-1.75 text-meta max-sm:h-11 max-sm:px-3';

/** How many objectives are in which state; each is a filter, and the URL keeps it. */
export function FleetStrip({ fleet, look, onLook }: FleetStripProps) {
  const present = sloWords.filter((word) => (fleet.counts[word] ?? 0) > 0 || look.words.includes(word));
  const isAll = look.words.length === 0;
  return (
    <div className="flex gap-2 max-sm:flex-wrap">
      <fieldset className="flex min-w-0 flex-1 flex-wrap content-start gap-1.5 max-sm:basis-full">
        <legend className="sr-only">Show objectives by state</legend>
        <button
          type="button"
          aria-pressed={isAll}
          onClick={() => onLook({ ...look, words: [] })}
          className={cx(
            chip,
            'pl-2.25',
            isAll ? 'border-control text-text' : 'border-line text-text-2 hover:bg-raised',
          )}
        >
          <b className="font-semibold text-text">{fleet.rows.length}</b> all
        </button>
        {present.map((word) => {
          const isOn = look.words.includes(word);
          return (
            <button
              key={word}
              type="button"
              aria-pressed={isOn}
              onClick={() => onLook(toggleWord(look, word))}
              className={cx(
                chip,
                isOn ? 'border-control bg-raised text-text' : 'border-line text-text-2 hover:bg-raised',
              )}
            >
              <StateGlyph tone={wordTone[word]} className="size-3.25" />
              <b className="font-semibold text-text">{fleet.counts[word] ?? 0}</b>{' '}
              {wordText[word].toLowerCase()}
            </button>
          );
        })}
      </fieldset>
      <Search look={look} onLook={onLook} />
    </div>
  );
}

function Search({ look, onLook }: Omit<FleetStripProps, 'fleet'>) {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('text');
    onLook({ ...look, text: typeof typed === 'string' ? typed.trim() : '' });
  };
  return (
    <form onSubmit={submit} className="ml-auto flex gap-2 max-sm:ml-0 max-sm:w-full">
      <label htmlFor={id} className="sr-only">
        Name, service, owner or region
      </label>
      <input
        key={look.text}
        id={id}
        name="text"
        type="search"
        defaultValue={look.text}
        placeholder="Name, service, owner, region"
        className="h-7 w-56 rounded-control border border-control bg-surface px-2 placeholder:text-text-3 max-sm:h-11 max-sm:w-full max-sm:text-section"
      />
      {look.text === '' && look.words.length === 0 ? null : (
        <Button
          size="small"
          className="h-7"
          onClick={() => onLook({ ...look, words: everything.words, text: everything.text })}
        >
          Show all
        </Button>
      )}
    </form>
  );
}
