import type { ReactNode } from 'react';
import { cx } from './class-names';

type PanelProps = {
  title: ReactNode;
  /** A quiet remark beside the title. */
  note?: ReactNode;
  /** What stands at the right end of the header. */
  end?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Heading level, so that pages keep one outline. */
  level?: 2 | 3;
};

/** A bordered part of a page with its own heading. On phones it runs edge to edge. */
export function Panel({ title, note, end, children, className, level = 2 }: PanelProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section
      className={cx(
        'min-w-0 border-line bg-surface max-sm:-mx-4 max-sm:border-y sm:rounded-panel sm:border',
        className,
      )}
    >
      <header className="flex min-h-10 flex-wrap items-center gap-x-2 border-line border-b px-3 py-1.5 max-sm:px-4">
        <Heading className="font-medium">{title}</Heading>
        {note ? <span className="text-meta text-text-3">{note}</span> : null}
        {end ? (
          <div className="ml-auto flex flex-wrap items-center justify-end gap-x-2 gap-y-1">{end}</div>
        ) : null}
      </header>
      {children}
    </section>
  );
}
