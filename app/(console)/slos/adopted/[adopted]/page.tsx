import type { Metadata } from 'next';
import { Page } from '@/components/shell/page';
import { AdoptedScreen } from '@/components/slo/adopted-screen';
import { paths } from '@/lib/core/paths';
import { signedIn } from '../../../signed-in';

type Props = { params: Promise<{ adopted: string }> };

export const metadata: Metadata = { title: 'Adopted objective' };

export default async function AdoptedPage({ params }: Props) {
  await signedIn();
  const { adopted } = await params;
  return (
    <Page crumbs={[{ label: 'SLOs', href: paths.slos() }, { label: 'Adopted objective' }]}>
      <AdoptedScreen adopted={adopted} />
    </Page>
  );
}
