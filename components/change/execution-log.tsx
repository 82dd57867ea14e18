import { formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time-ago';
import { readLog } from '@/lib/change/client';
import type { ChangeView } from '@/lib/change/contract';
import { api } from '@/lib/core/paths';
import { OlderButton } from './older-button';
import { useOlder } from './use-older';

/** The log of the change, newest first; what is older than the page has is said, and fetched on demand. */
export function ExecutionLog({ view }: { view: ChangeView }) {
  const { observations, olderObservations, change } = view;
  const { shown, isAll, isReading, problem, showOlder } = useOlder({
    newest: observations,
    first: observations.length,
    keyOf: ({ seq }) => seq,
    read: async ({ seq }) => (await readLog(change.id, String(seq))).observations,
  });
  const all = observations.length + olderObservations;
  return (
    <Panel title="Log" note="newest first">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ol className="max-h-96 overflow-y-auto py-1" tabIndex={0} aria-label="Execution log">
        {shown.toReversed().map((line) => (
          <li
            key={line.seq}
            className="grid grid-cols-[60px_64px_minmax(0,1fr)] gap-2 px-3 py-0.5 max-sm:grid-cols-[60px_minmax(0,1fr)] max-sm:px-4"
          >
            <Time at={line.at} className="mono text-text-3" />
            <span className="text-text-3 max-sm:hidden">{line.kind}</span>
            <span className="min-w-0 whitespace-pre-line break-words">{line.sentence}</span>
          </li>
        ))}
      </ol>
      {shown.length < all ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-3 py-1.5 text-meta max-sm:px-4">
          <p className="text-text-2">
            The newest {formatCount(shown.length)} of {formatCount(all)} lines are shown.
          </p>
          {isAll ? null : (
            <OlderButton what="lines" isReading={isReading} problem={problem} onPress={showOlder} />
          )}
          <a
            href={api.changeRecord(change.id, 'text')}
            download
            className="text-accent hover:underline max-sm:min-h-11 max-sm:content-center"
          >
            The whole log is in the deployment record
          </a>
        </div>
      ) : null}
    </Panel>
  );
}
