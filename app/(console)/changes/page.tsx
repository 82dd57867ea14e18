import type { Metadata } from 'next';
import { ChangesScreen } from '@/components/change/changes-screen';
import { historyLookOf } from '@/components/change/history/history-url';
import { Page } from '@/components/shell/page';
import { config } from '@/lib/config/load';
import { first, type SearchParams } from '../search-params';
import { signedIn } from '../signed-in';

export const metadata: Metadata = { title: 'Changes' };

export default async function ChangesPage({ searchParams }: { searchParams: SearchParams }) {
  await signedIn();
  const query = await searchParams;
  const service = first(query['service']);
  const state = first(query['state']);
  const { before, days, kind, outcome } = historyLookOf((name) => first(query[name]));
  const services = config().services.map(({ id, name }) => ({ id, name }));
  return (
    <Page crumbs={[{ label: 'Changes' }]}>
      <ChangesScreen
        filter={{
          ...(service ? { service } : {}),
          ...(kind ? { kind } : {}),
          ...(outcome ? { outcome } : {}),
          ...(state ? { state } : {}),
          ...(before ? { before } : {}),
        }}
        days={days}
        services={services}
      />
    </Page>
  );
}
