import type { Metadata } from 'next';
import { LogsRoute } from '@/components/logs/logs-route';
import { Page } from '@/components/shell/page';

export const metadata: Metadata = { title: 'Logs' };

export default function LogsPage() {
  return (
    <Page crumbs={[{ label: 'Logs' }]}>
      <LogsRoute />
    </Page>
  );
}
