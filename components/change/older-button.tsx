import { Button } from '@/components/ui/button';
import { StateText } from '@/components/ui/state';
import type { Problem } from '@/lib/http/client';

type OlderButtonProps = { what: string; isReading: boolean; problem: Problem | null; onPress: () => void };

/** Asks for what is older; a refusal stands beside it, and pressing again tries again. */
export const OlderButton = ({ what, isReading, problem, onPress }: OlderButtonProps) => (
  <>
    <Button size="small" busy={isReading} onClick={onPress}>
      {isReading ? 'Reading…' : `Show older ${what}`}
    </Button>
    {problem === null ? null : (
      <span role="alert" className="min-w-0 text-meta">
        <StateText tone="crit">{problem.title}</StateText>{' '}
        <span className="text-text-2">{problem.detail}</span>
      </span>
    )}
  </>
);
