import type { Metadata } from 'next';
import { OverviewScreen } from '@/components/service/overview-screen';
import { Page } from '@/components/shell/page';

export const metadata: Metadata = { title: 'Overview' };

export default function OverviewPage() {
  return (
    <Page crumbs={[{ label: 'Overview' }]}>
      <OverviewScreen />
    </Page>
  );
}
