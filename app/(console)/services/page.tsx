import type { Metadata } from 'next';
import { ServicesScreen } from '@/components/service/services-screen';
import { Page } from '@/components/shell/page';

export const metadata: Metadata = { title: 'Services' };

export default function ServicesPage() {
  return (
    <Page crumbs={[{ label: 'Services' }]}>
      <ServicesScreen />
    </Page>
  );
}
