import type { Metadata } from 'next';
import { Page } from '@/components/shell/page';
import { AdoptedPanel } from '@/components/slo/adopted-panel';
import { SlosRoute } from '@/components/slo/slos-route';

export const metadata: Metadata = { title: 'SLOs' };

export default function SlosPage() {
  return (
    <Page crumbs={[{ label: 'SLOs' }]}>
      <SlosRoute />
      <AdoptedPanel />
    </Page>
  );
}
