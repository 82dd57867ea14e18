import { ScrollX } from '@/components/ui/scroll-x';
import { StateGlyph } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import type { Staged } from '@/lib/change/staged/contract';
import { podsWord } from '@/lib/change/words';

const heading = 'max-sm:h-auto max-sm:whitespace-normal max-sm:py-1.5 max-sm:align-bottom';
const cell = 'border-line border-b px-2 py-1.5 first:pl-3 last:pr-3';

/** Pods that serve at least and run at most: a way that drops below what is needed says so. */
export function CapacityTable({ rows }: { rows: Staged['capacity'] }) {
  return (
    <ScrollX label="Capacity by region">
      <table className="w-full border-collapse">
        <caption className="sr-only">Pods needed, fewest and most, by region</caption>
        <thead>
          <tr>
            <Th>Region</Th>
            <Th end className={heading}>
              Carry all traffic
            </Th>
            <Th end className={heading}>
              Fewest serving
            </Th>
            <Th end className={heading}>
              Most at once
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ region, need, lowest, highest }) => (
            <tr key={region}>
              <th scope="row" className={`${cell} mono whitespace-nowrap text-left font-normal`}>
                {region}
              </th>
              <td className={`${cell} text-right`}>{need}</td>
              <td className={`${cell} text-right`}>
                {lowest < need ? (
                  <span className="text-warn">
                    <StateGlyph tone="warn" className="-mt-0.5 mr-1 inline-block size-3.5" />
                    {lowest}, {podsWord(need - lowest)} short
                  </span>
                ) : (
                  lowest
                )}
              </td>
              <td className={`${cell} text-right`}>{highest}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
