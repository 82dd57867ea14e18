import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { PublicFooter } from '@/components/status/public-page';
import { paths } from '@/lib/core/paths';

export const metadata: Metadata = {
  robots: { index: true, follow: false },
  alternates: { types: { 'application/atom+xml': paths.statusFeed() } },
};

/** The public page stands alone: no navigation of the console, no script needed. */
export default function StatusLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-208 px-4 pt-4 pb-12">
      {children}
      <PublicFooter />
    </div>
  );
}
