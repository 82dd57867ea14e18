import { cx } from './class-names';

/** The final shape while the first answer is awaited; it appears late enough not to flash. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        'block h-4 animate-[skeleton_0s_150ms_forwards] rounded-control bg-raised opacity-0',
        className,
      )}
    />
  );
}

/** Rows of a table or list that is on its way; read out once. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={`Loading ${label}`} className="grid gap-3 p-3 max-sm:px-4">
      {Array.from({ length: rows }, (_, row) => `row ${row + 1}`).map((row) => (
        <Skeleton key={row} />
      ))}
    </div>
  );
}
