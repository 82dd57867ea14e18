import type { Metadata } from 'next';
import { ApprovalsScreen } from '@/components/approval/approvals-screen';
import { Page } from '@/components/shell/page';

export const metadata: Metadata = { title: 'Approvals' };

export default function ApprovalsPage() {
  return (
    <Page crumbs={[{ label: 'Approvals' }]}>
      <h1 className="mb-4 font-medium text-page">Approvals</h1>
      <ApprovalsScreen />
    </Page>
  );
}
