import { EmptyState } from './empty-state';

type Line = { path: string; before: string | null; after: string | null };

/** Changed fields: where, then what it was and what it becomes one under the other, so that they can be compared. */
export function DiffTable({ lines, caption }: { lines: Line[]; caption: string }) {
  if (lines.length === 0)
    return <EmptyState title="No difference" why="The object already has these values." />;
  return (
    <dl aria-label={caption} className="grid grid-cols-[minmax(0,1fr)] gap-px bg-line">
      {lines.map((line) => (
        <div
          key={line.path}
          className="grid grid-cols-[minmax(0,1fr)] gap-0.5 bg-surface px-3 py-2 max-sm:px-4"
        >
          <dt className="mono break-words text-text-2">{line.path}</dt>
          <dd className="mono grid min-w-0 grid-cols-[minmax(0,1fr)] gap-0.5 break-words">
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
