import type { DeployPlan } from '@/lib/change/contract';
import { formatDuration } from '@/lib/core/duration';

/** The steps of a plan with what each does and how long it usually takes. */
export function PlanSteps({ plan }: { plan: DeployPlan }) {
  return (
    <ol>
      {plan.steps.map((step) => (
        <li
          key={step.n}
          className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-2 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4"
        >
          <span className="text-text-3">{step.n}</span>
          <p>
            <span className="font-medium">{step.title}</span>{' '}
            <span className="text-text-2">{step.detail}</span>
          </p>
          <span className="whitespace-nowrap text-text-2">
            {step.usualSeconds === null ? '' : `about ${formatDuration(step.usualSeconds)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}
