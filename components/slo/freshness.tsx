import { StateGlyph } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { Freshness } from '@/lib/slo/contract';

/** How old the newest recorded counts are, ticking. */
export const FreshnessText = ({ freshness }: { freshness: Freshness }) =>
  freshness.recordedUntil === null ? null : (
    <>
      counted until <TimeAgo at={freshness.recordedUntil} />
    </>
  );

/** Who is away and since when; nothing while all is well. */
export function FreshnessNote({ freshness }: { freshness: Freshness }) {
  if (freshness.sentence === null) return null;
  return (
    <p
      role="status"
      className="flex items-start gap-2 border-line border-b px-3 py-2 text-meta text-text-2 max-sm:px-4"
    >
      <StateGlyph
        tone={freshness.state === 'missing' ? 'unknown' : 'warn'}
        className="size-3.5 translate-y-px"
      />
      <span>{freshness.sentence}</span>
    </p>
  );
}
