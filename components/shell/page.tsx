import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { type Crumb, TopBar } from './top-bar';

/** The bar with the way here, and the page's content under it. Each page has one h1 inside. */
export function Page({
  crumbs,
  children,
  className,
}: {
  crumbs: Crumb[];
  children: ReactNode;
  className?: string;
}) {
  return (
    <>
      <TopBar crumbs={crumbs} />
      <main
        id="main"
        tabIndex={-1}
        className={cx('min-w-0 pt-5 pb-12 gutter outline-none max-sm:pt-3.5', className)}
      >
        {children}
      </main>
    </>
  );
}
