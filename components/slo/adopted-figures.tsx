import { BudgetBar } from '@/components/ui/budget-bar';
import { formatBurn, formatRatio } from '@/components/ui/number-text';
import { TimeAgo } from '@/components/ui/time-ago';
import type { AdoptedFigure, AdoptedPart, AdoptedSource } from '@/lib/slo/adopted/contract';

/** A dash with the reason, which those who hear the page are told too. */
function None({ figure }: { figure: AdoptedFigure }) {
  return (
    <span className="text-text-3" title={figure.why ?? undefined}>
      –<span className="sr-only"> {figure.why}</span>
    </span>
  );
}

export const AdoptedBudget = ({ part: { budgetLeft } }: { part: AdoptedPart }) =>
  budgetLeft.value === null ? <None figure={budgetLeft} /> : <BudgetBar left={budgetLeft.value} />;

export const AdoptedBurn = ({ part: { burn } }: { part: AdoptedPart }) =>
  burn.value === null ? <None figure={burn} /> : <>{formatBurn(burn.value)}</>;

export const AdoptedRatio = ({ part: { ratio } }: { part: AdoptedPart }) =>
  ratio.value === null ? <None figure={ratio} /> : <>{formatRatio(ratio.value)}</>;

export const groupText = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** What is wrong with reading a server: since when its figures stand still, and why. */
export function SourceNote({ source: { source, readAt, problem } }: { source: AdoptedSource }) {
  if (problem === null && readAt !== null) return null;
  return (
    <p role="status" className="border-line border-b px-3 py-1.5 text-warn max-sm:px-4">
      {readAt === null ? (
        `Prometheus ${source} has not been looked through yet.`
      ) : (
        <>
          Figures of Prometheus {source} are as of <TimeAgo at={readAt} />.
        </>
      )}{' '}
      {problem}
    </p>
  );
}
