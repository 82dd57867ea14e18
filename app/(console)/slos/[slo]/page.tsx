import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Page } from '@/components/shell/page';
import { SloRoute } from '@/components/slo/slo-route';
import { config } from '@/lib/config/load';
import { paths } from '@/lib/core/paths';
import { signedIn } from '../../signed-in';

type Props = { params: Promise<{ slo: string }> };
const named = (id: string) => config().slos.find((each) => each.id === id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await signedIn();
  return { title: named((await params).slo)?.name ?? 'Not found' };
}

export default async function SloPage({ params }: Props) {
  await signedIn();
  const slo = named((await params).slo);
  if (slo === undefined) notFound();
  return (
    <Page crumbs={[{ label: 'SLOs', href: paths.slos() }, { label: slo.name }]}>
      <SloRoute slo={slo.id} />
    </Page>
  );
}
