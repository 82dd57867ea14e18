import type { Metadata } from 'next';
import { ReportsScreen } from '@/components/report/reports-screen';
import { Page } from '@/components/shell/page';
import { paths } from '@/lib/core/paths';

export const metadata: Metadata = { title: 'Monthly reports' };

export default function ReportsPage() {
  return (
    <Page crumbs={[{ label: 'SLOs', href: paths.slos() }, { label: 'Monthly reports' }]}>
      <ReportsScreen />
    </Page>
  );
}
