import { StateGlyph, type Tone } from '@/components/ui/state';
import type { Precheck } from '@/lib/change/contract';

const tones: Record<Precheck['result'], Tone> = { pass: 'ok', warn: 'warn', fail: 'crit' };
const words: Record<Precheck['result'], string> = { pass: 'Passed', warn: 'Warning', fail: 'Blocks' };

/** Checks of the moment, the blocking ones first. */
export function PrecheckList({ prechecks }: { prechecks: Precheck[] }) {
  const order = { fail: 0, warn: 1, pass: 2 } as const;
  const sorted = [...prechecks].sort((a, b) => order[a.result] - order[b.result]);
  return (
    <ul>
      {sorted.map((check) => (
        <li key={check.id} className="flex gap-2 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4">
          <StateGlyph tone={tones[check.result]} className="mt-0.5" />
          <p className="min-w-0 break-words">
            <span className="sr-only">{words[check.result]}: </span>
            <span className="font-medium">{check.title}</span>{' '}
            <span className="text-text-2">{check.detail}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
