import Link from 'next/link';
import { StateText } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import type { SetAsideView } from '@/lib/backup/restore/contract';
import { paths } from '@/lib/core/paths';

const kindWords: Record<SetAsideView['kind'], string> = {
  replaced: 'What was there before it',
  'taken-back': 'What was restored, and taken back',
};

type SetAsideListProps = { databases: readonly SetAsideView[]; name: string };

/** Databases that restores took away: they take room at the server, and are the way back while they are there. */
export function SetAsideList({ databases, name }: SetAsideListProps) {
  if (databases.length === 0) return null;
  return (
    <div className="grid gap-1.5 border-line border-t px-3 py-2 max-sm:px-4">
      <h3 className="font-medium">
        Set aside<span className="sr-only"> of {name}</span>
      </h3>
      <ul className="grid gap-1.5">
        {databases.map((one) => (
          <li key={one.id} className="grid gap-0.5">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="mono wrap-anywhere">{one.serverName}</span>
              <span className="text-text-2">
                {kindWords[one.kind]},{' '}
                <Link
                  href={paths.change(one.change)}
                  className="mono text-accent hover:underline max-sm:inline-flex max-sm:min-h-11 max-sm:items-center"
                >
                  {one.change}
                </Link>
              </span>
              <Kept one={one} />
            </p>
            {one.state === 'kept' && one.sentence !== null ? (
              <p>
                <StateText tone="warn">Still there</StateText>{' '}
                <span className="break-words text-text-2">{one.sentence}</span>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

const Kept = ({ one: { setAsideAt, dropAfter, state, droppedAt } }: { one: SetAsideView }) => (
  <span className="text-meta text-text-3">
    since <Time at={setAsideAt} parts="full" className="mono" />,{' '}
    {state === 'dropped' && droppedAt !== null ? (
      <>
        dropped <Time at={droppedAt} parts="full" className="mono" />
      </>
    ) : (
      <>
        kept until <Time at={dropAfter} parts="full" className="mono" /> at least
      </>
    )}
  </span>
);
