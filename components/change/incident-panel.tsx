import { Panel } from '@/components/ui/panel';
import { StateText } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';

/** An incident runs while the change waits: whoever signs now knows of it, whoever signed before did not. */
export function IncidentPanel({ view: { incidents } }: { view: ChangeView }) {
  if (incidents.length === 0) return null;
  const ends = incidents.some(({ endsApproval }) => endsApproval);
  return (
    <Panel title={<StateText tone="warn">An incident of the service is open</StateText>}>
      <ul className="px-3 pt-2 max-sm:px-4">
        {incidents.map(({ what, since }) => (
          <li key={what}>
            {what.charAt(0).toUpperCase() + what.slice(1)} since <Time at={since} parts="short" />.
          </li>
        ))}
      </ul>
      <p className="px-3 py-2 text-text-2 max-sm:px-4">
        {ends
          ? 'It was opened after a sign-off, so the change will not start. End the incident first, or ask for a new plan.'
          : 'Who signs now signs in the knowledge of it. End the incident first unless this change mends it.'}{' '}
        A rollback is not held up.
      </p>
    </Panel>
  );
}
