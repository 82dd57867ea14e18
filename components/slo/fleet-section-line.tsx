'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import { cx } from '@/components/ui/class-names';
import { StateText } from '@/components/ui/state';
import type { FleetSection } from '@/lib/slo/fleet/grouping';
import { sloWords } from '@/lib/slo/math/word';
import { formatShare } from './figures';
import { wordText, wordTone } from './words';

type FleetSectionLineProps = {
  section: FleetSection;
  index: number;
  isOpen: boolean;
  onFold: () => void;
  measure?: ((line: HTMLElement | null) => void) | undefined;
};

/** The head of a group: how many objectives it has in which state, and the least budget that is left of them. */
export function FleetSectionLine({ section, index, isOpen, onFold, measure }: FleetSectionLineProps) {
  const { title, rows, counts, worst } = section;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className="bg-raised max-sm:block">
      <th
        scope="rowgroup"
        colSpan={9}
        className="border-line border-b p-0 text-left font-normal max-sm:block"
      >
        <button
          type="button"
          data-row
          aria-expanded={isOpen}
          onClick={onFold}
          className="flex min-h-9 w-full flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 text-left max-sm:min-h-11 max-sm:px-4"
        >
          <span className="inline-flex min-w-0 items-center gap-1.5 font-medium">
            <Chevron aria-hidden className="size-4 flex-none text-text-3" />
            <span className="wrap-anywhere">{title}</span>
            <span className="font-normal text-text-3">{rows.length}</span>
          </span>
          <span className="flex flex-wrap items-center gap-x-3 text-meta">
            {sloWords.map((word) =>
              counts[word] === undefined ? null : (
                <StateText key={word} tone={wordTone[word]} className="text-meta">
                  {counts[word]} {wordText[word].toLowerCase()}
                </StateText>
              ),
            )}
          </span>
          <span
            className={cx(
              'ml-auto text-meta max-sm:ml-0',
              worst !== null && worst < 0 ? 'text-crit' : 'text-text-2',
            )}
          >
            {worst === null ? 'Budget not known' : `Least budget left ${formatShare(worst)}`}
          </span>
        </button>
      </th>
    </tr>
  );
}
