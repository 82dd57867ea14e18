import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { historyLookOf } from '@/components/change/history/history-url';
import { ServiceScreen } from '@/components/service/service-screen';
import { serviceTabs } from '@/components/service/tabs';
import { Page } from '@/components/shell/page';
import { config } from '@/lib/config/load';
import { paths } from '@/lib/core/paths';
import { ranges } from '@/lib/service/contract';
import { chooseRegion } from '@/lib/service/place';
import { environmentOf, first, oneOf, type SearchParams } from '../../search-params';
import { signedIn } from '../../signed-in';

type Props = { params: Promise<{ service: string }>; searchParams: SearchParams };
const named = (id: string) => config().services.find((each) => each.id === id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await signedIn();
  return { title: named((await params).service)?.name ?? 'Not found' };
}

export default async function ServicePage({ params, searchParams }: Props) {
  await signedIn();
  const service = named((await params).service);
  if (service === undefined) notFound();
  const query = await searchParams;
  const wanted = await environmentOf(first(query['environment']));
  const where = chooseRegion(service.id, wanted, first(query['region']));
  const tab = oneOf(serviceTabs, first(query['tab']), 'overview');
  const range = oneOf(ranges, first(query['range']), '2h');
  const history = historyLookOf((name) => first(query[name]));
  return (
    <Page crumbs={[{ label: 'Services', href: paths.services() }, { label: service.name }]}>
      <ServiceScreen service={service.id} {...where} tab={tab} range={range} history={history} />
    </Page>
  );
}
