import { Button } from '@/components/ui/button';
import type { Span } from './chart/frame';

const recent = [
  { words: 'the last hour', seconds: 3600 },
  { words: '6 h', seconds: 6 * 3600 },
  { words: '24 h', seconds: 86_400 },
] as const;

/** How a span is priced, said where it can be done, with the spans that are asked for most at a press. */
export const SpanHint = ({ to, onSpan }: { to: number; onSpan: (span: Span) => void }) => (
  <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3 pb-2 text-meta text-text-2 max-sm:px-4">
    <span>
      Draw over a chart, or hold Shift with the arrow keys and press Enter, to see what a span cost; or take
    </span>
    {recent.map(({ words, seconds }) => (
      <Button key={words} size="small" onClick={() => onSpan({ from: to - seconds, to })}>
        {words}
      </Button>
    ))}
  </p>
);
