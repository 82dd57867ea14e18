import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import type { RetentionLine, RetentionView } from '@/lib/backup/retention/contract';
import { LetGo } from './copy-acts';
import { RetentionNotes } from './guide-notes';
import { RetentionChart } from './retention-chart';
import { fatesText, fateTone, fateWord } from './words';

/** So many lines can be looked through; more are counted. */
const shownGoing = 500;

type RetentionPartProps = { view: RetentionView; name: string };

/** What retention would do and did: what leaves and why, what stopped it, what lies in the folder unknown. */
export function RetentionPart({ view, name }: RetentionPartProps) {
  const going = view.lines.filter(({ fate }) => fate !== 'stays');
  const missing = view.lines.filter(({ isMissing }) => isMissing);
  return (
    <div className="grid gap-1.5 border-line border-t px-3 py-2 max-sm:px-4">
      <h3 className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">Retention: {fatesText(view)}</span>
        <span className="text-meta text-text-3">{view.policy}</span>
      </h3>
      {view.lines.length < 2 ? null : <RetentionChart lines={view.lines} name={name} />}
      <Stopped view={view} name={name} />
      {missing.length === 0 ? null : (
        <div>
          <StateText tone="crit">
            {missing.length === 1 ? '1 copy is missing' : `${missing.length} copies are missing`}
          </StateText>
          <p className="text-text-2">
            The folder does not have their file or their marker. They count for nothing until they are back:{' '}
            <span className="mono break-all">{missing.map(({ object }) => object).join(', ')}</span>
          </p>
        </div>
      )}
      {view.unknownCount === 0 ? null : <Unknown view={view} />}
      {going.length === 0 ? null : (
        <ScrollX label={`Copies of ${name} that leave`} className="max-h-96 overflow-y-auto">
          <ul className="grid gap-1">
            {going.slice(0, shownGoing).map((line) => (
              <Going key={line.copy} line={line} />
            ))}
          </ul>
          {going.length > shownGoing ? (
            <p className="text-text-2">
              And {going.length - shownGoing} older ones, for reasons of the same kind.
            </p>
          ) : null}
        </ScrollX>
      )}
      <p className="text-meta text-text-3">
        {view.ranAt === null ? (
          'No worker has looked at the folder yet.'
        ) : (
          <>
            A worker looked at the folder <TimeAgo at={view.ranAt} />.
          </>
        )}
      </p>
      <RetentionNotes view={view} />
    </div>
  );
}

const Going = ({ line }: { line: RetentionLine }) => (
  <li className="grid gap-x-3 sm:grid-cols-[9rem_8rem_minmax(0,1fr)]">
    <StateText tone={fateTone[line.fate]}>{fateWord[line.fate]}</StateText>
    <Time at={line.snapshotAt} parts="full" className="mono" />
    <span className="text-text-2">
      {line.reason}
      {line.deleteAfter === null || line.fate !== 'marked' ? null : (
        <>
          {' '}
          Deleted after <Time at={line.deleteAfter} parts="full" className="mono" />.
        </>
      )}
    </span>
  </li>
);

/** Why the last run deleted nothing, and what a lead may do about it. */
function Stopped({ view, name }: RetentionPartProps) {
  if (view.stops.length === 0) return null;
  const waits = view.state === 'waits';
  return (
    <div className="grid gap-1">
      <StateText tone={waits ? 'info' : view.letGo === null ? 'warn' : 'hold'}>
        {waits ? 'Waiting' : view.letGo === null ? 'Stopped: nothing is deleted' : 'Let go'}
      </StateText>
      <ul className="text-text-2">
        {view.stops.map(({ code, sentence }) => (
          <li key={code}>{sentence}</li>
        ))}
      </ul>
      {view.letGo === null ? null : (
        <p className="text-text-2">
          {view.letGo.by} let them go on <Time at={view.letGo.at} parts="full" className="mono" />; the next
          run marks them.
        </p>
      )}
      {view.awaits.length === 0 || view.letGo !== null ? null : (
        <div>
          <p className="text-text-2">
            They stand below with their reasons. A lead may let them go, or pin what is needed.
          </p>
          <LetGo view={view} name={name} />
        </div>
      )}
    </div>
  );
}

const Unknown = ({ view }: { view: RetentionView }) => (
  <details className="text-text-2">
    <summary className="min-h-6 leading-6 hover:text-text max-sm:min-h-11 max-sm:leading-11">
      {view.unknownCount === 1 ? '1 unknown file' : `${view.unknownCount} unknown files`}, never deleted
    </summary>
    <ul className="mono break-all pl-3">
      {view.unknownFiles.map((name) => (
        <li key={name}>{name}</li>
      ))}
      {view.unknownCount > view.unknownFiles.length ? (
        <li>and {view.unknownCount - view.unknownFiles.length} more</li>
      ) : null}
    </ul>
  </details>
);
