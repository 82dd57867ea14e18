import { cx } from './class-names';
import { EmptyState } from './empty-state';

type Line = { path: string; before: string | null; after: string | null };

type DiffTableProps = {
  lines: Line[];
  caption: string;
  /** Short values stand beside their field: in a question that is read in seconds. */
  compact?: boolean;
};

const isShort = ({ before, after }: Line): boolean =>
  (before ?? '').length <= 24 && (after ?? '').length <= 24;

/** Changed fields: where, then what it was and what it becomes one under the other, so that they can be compared. */
export function DiffTable({ lines, caption, compact = false }: DiffTableProps) {
  if (lines.length === 0)
    return <EmptyState title="No difference" why="The object already has these values." />;
  return (
    <dl aria-label={caption} className="grid grid-cols-[minmax(0,1fr)] gap-px bg-line">
      {lines.map((line) => (
        <div
          key={line.path}
          className={cx(
            'bg-surface px-3 max-sm:px-4',
            compact && isShort(line)
              ? 'flex flex-wrap items-baseline justify-between gap-x-4 py-1'
              : 'grid grid-cols-[minmax(0,1fr)] gap-0.5 py-2',
          )}
        >
          <dt className="mono min-w-0 break-words text-text-2">{line.path}</dt>
          <dd
            className={cx(
              'mono min-w-0 break-words',
              compact && isShort(line) ? 'flex gap-3' : 'grid grid-cols-[minmax(0,1fr)] gap-0.5',
            )}
          >
            {line.before === null ? null : (
              <del className="text-text-2 decoration-text-3">
                <span aria-hidden className="select-none pr-1.5 text-crit">
                  −
                </span>
                {line.before}
              </del>
            )}
            {line.after === null ? null : (
              <ins className="no-underline">
                <span aria-hidden className="select-none pr-1.5 text-ok">
                  +
                </span>
                {line.after}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
