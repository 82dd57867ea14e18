import { cx } from '@/components/ui/class-names';
import type { PhaseView } from '@/lib/backup/drill/contract';
import type { DrillPhase } from '@/lib/backup/drill/model';
import { tookWords } from '@/lib/backup/drill/words';
import { phasesText, phaseWord } from './drill-words';

/** Neighbours differ in lightness and in pattern; the list beside it has the words and the numbers. */
const look: Record<DrillPhase, string> = {
  fetch: 'bg-text-3',
  create: 'border border-text-3 border-dashed',
  load: 'bg-accent',
  index: 'bg-[repeating-linear-gradient(135deg,var(--accent)_0_2px,transparent_2px_4px)]',
  checks: 'bg-bar-ok',
  drop: 'border border-line-strong',
};

type PhaseBarProps = { name: string; phases: readonly PhaseView[] };

/** The phases of a drill as one bar, with the time of each. */
export function PhaseBar({ name, phases }: PhaseBarProps) {
  const all = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  return (
    <div className="grid gap-1">
      <div role="img" aria-label={`${name}: ${phasesText(phases)}`} className="flex h-2.5 max-w-xl gap-px">
        {phases.map(({ phase, seconds }) => (
          <span
            key={phase}
            className={cx('min-w-1 flex-none rounded-[1px] w-(--share)', look[phase])}
            style={{ '--share': `${all === 0 ? 0 : (seconds / all) * 94}%` }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-meta text-text-2">
        {phases.map(({ phase, seconds }) => (
          <li key={phase} className="flex items-center gap-1.5">
            <span aria-hidden className={cx('h-2.5 w-2.5 rounded-[1px]', look[phase])} />
            {phaseWord[phase]} <span className="mono">{tookWords(seconds)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
