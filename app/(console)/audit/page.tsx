import type { Metadata } from 'next';
import { AuditRoute } from '@/components/audit/audit-route';
import { Page } from '@/components/shell/page';

export const metadata: Metadata = { title: 'Audit' };

export default function AuditPage() {
  return (
    <Page crumbs={[{ label: 'Audit' }]}>
      <AuditRoute />
    </Page>
  );
}
