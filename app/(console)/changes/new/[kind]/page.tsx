import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { planHeadings } from '@/components/change/plan-kinds';
import { PlanScreen } from '@/components/change/plan-screen';
import { Page } from '@/components/shell/page';
import { planFrom } from '@/lib/change/plan-from';
import { planOptions } from '@/lib/change/plan-options';
import { config } from '@/lib/config/load';
import { type ChangeKind, changeKinds } from '@/lib/core/change-kind';
import { paths } from '@/lib/core/paths';
import { chooseRegion } from '@/lib/service/place';
import { environmentOf, first, type SearchParams } from '../../../search-params';
import { signedIn } from '../../../signed-in';

type Props = { params: Promise<{ kind: string }>; searchParams: SearchParams };

async function kindOf(params: Props['params']): Promise<ChangeKind> {
  const { kind } = await params;
  return changeKinds.find((each) => each === kind) ?? notFound();
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: planHeadings[await kindOf(params)] };
}

export default async function PlanPage({ params, searchParams }: Props) {
  await signedIn();
  const kind = await kindOf(params);
  const query = await searchParams;
  const services = config().services;
  const service = services.find((each) => each.id === first(query['service']))?.id ?? services[0]?.id ?? '';
  const where = chooseRegion(
    service,
    await environmentOf(first(query['environment'])),
    first(query['region']),
  );
  const asked = (name: string) => first(query[name]) ?? '';
  return (
    <Page crumbs={[{ label: 'Changes', href: paths.changes() }, { label: planHeadings[kind] }]}>
      <PlanScreen key={kind} options={planOptions()} initial={planFrom(kind, { service, ...where }, asked)} />
    </Page>
  );
}
