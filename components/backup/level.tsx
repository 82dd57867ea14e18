import { StateText } from '@/components/ui/state';
import type { CopyView } from '@/lib/backup/contract';
import { copyLevels, isUnderWay } from '@/lib/backup/model';
import { copyState } from './words';

type LevelProps = Pick<CopyView, 'state' | 'level' | 'isSpoilt'>;

/** How far a copy is proven: a glyph and a word, and a pip for each level of the ladder. */
export function Level(copy: LevelProps) {
  const { tone, word } = copyState(copy);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <StateText tone={tone}>{word}</StateText>
      {copy.state === 'failed' || isUnderWay(copy.state) ? null : <Pips level={copy.level} />}
    </span>
  );
}

/** A pip for each level of the ladder, those that stand filled. */
export const Pips = ({ level }: { level: number | null }) => (
  <span aria-hidden className="inline-flex gap-0.5">
    {copyLevels.map((one) => (
      <span
        key={one}
        className={
          level !== null && one <= level
            ? 'h-1.5 w-3 rounded-[1px] bg-text-3'
            : 'h-1.5 w-3 rounded-[1px] border border-line-strong border-dashed'
        }
      />
    ))}
  </span>
);
