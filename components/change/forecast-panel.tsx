import { formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import type { Forecast } from '@/lib/change/staged/contract';
import { budgetText } from './staged-timeline';

/** What it may cost at worst, beside what is left of the budget (change-engine.md 2.8). */
export function ForecastPanel({ forecast }: { forecast: Forecast }) {
  const slowest = Math.max(0, ...forecast.steps.map(({ slowBurn }) => slowBurn));
  const figures =
    forecast.worst === null
      ? []
      : [
          {
            name: 'At worst',
            value: formatCount(Math.ceil(forecast.worst)),
            note:
              forecast.ofBudget === null
                ? 'requests; no budget to compare with'
                : `requests, ${budgetText(forecast.ofBudget)} of the budget`,
          },
          {
            name: 'If it burns slowly',
            value: formatCount(Math.ceil(slowest)),
            note: 'requests, what is let through in the longest step',
          },
          ...(forecast.ofRemaining === null
            ? []
            : [
                {
                  name: 'Of what is left',
                  value: budgetText(forecast.ofRemaining),
                  note: 'of the budget now',
                },
              ]),
        ];
  return (
    <Panel
      title="What it may cost in error budget"
      note={
        forecast.requestsPerSecond === null
          ? undefined
          : `${formatCount(forecast.requestsPerSecond)} requests a second`
      }
    >
      <p className="p-3 text-text-2 max-sm:px-4">{forecast.sentence}</p>
      {figures.length === 0 ? null : (
        <dl className="grid gap-x-6 gap-y-2 px-3 pb-3 max-sm:px-4 sm:grid-cols-3">
          {figures.map(({ name, value, note }) => (
            <div key={name}>
              <dt className="text-meta text-text-3">{name}</dt>
              <dd>
                <span className="font-medium text-figure tracking-tight">{value}</span>
                <span className="block text-meta text-text-2">{note}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
