import { cx } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/number-text';
import type { MeasuredView } from '@/lib/change/contract';

const allOf = (all: MeasuredView | undefined): number =>
  all === undefined ? 0 : all.passed + all.failed + all.unjudged;

/** What all readings came to, those too that are not shown any more. */
export function readingsText(all: MeasuredView | undefined): string {
  const { passed = 0, failed = 0, unjudged = 0 } = all ?? {};
  const count = allOf(all);
  const parts = `${formatCount(passed)} passed, ${formatCount(failed)} failed, ${formatCount(unjudged)} without a verdict`;
  return `${formatCount(count)} reading${count === 1 ? '' : 's'}: ${parts}`;
}

type OlderReadingsProps = { all: MeasuredView | undefined; shown: number; className?: string };

/** How many readings there are beside those that are shown; nothing where all of them are. */
export function OlderReadings({ all, shown, className }: OlderReadingsProps) {
  return (
    <>
      <InRecord shown={shown} older={allOf(all) - shown} className={className} />
      {allOf(all) === 0 ? null : (
        <p className={cx('text-meta text-text-3', className)}>
          The query and the raw answer of each reading are in the deployment record.
        </p>
      )}
    </>
  );
}

type InRecordProps = { shown: number; older: number; className?: string | undefined };

/** What is older than the lines of a list, and where to find it; nothing where all of them are shown. */
export const InRecord = ({ shown, older, className }: InRecordProps) =>
  older <= 0 ? null : (
    <p className={cx('text-meta text-text-3', className)}>
      The newest {formatCount(shown)} are shown; {formatCount(older)} older{' '}
      {older === 1 ? 'one is' : 'ones are'} in the deployment record.
    </p>
  );
