import type { Metadata } from 'next';
import { Page } from '@/components/shell/page';
import { StatusAdminScreen } from '@/components/status/status-admin-screen';

export const metadata: Metadata = { title: 'Status page' };

export default function StatusAdminPage() {
  return (
    <Page crumbs={[{ label: 'Status page' }]}>
      <StatusAdminScreen />
    </Page>
  );
}
