import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ChangeScreen } from '@/components/change/change-screen';
import { Page } from '@/components/shell/page';
import { ChangeId } from '@/lib/core/ids';
import { paths } from '@/lib/core/paths';

type Props = { params: Promise<{ change: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).change };
}

export default async function ChangePage({ params }: Props) {
  const id = ChangeId.safeParse((await params).change);
  if (!id.success) notFound();
  return (
    <Page crumbs={[{ label: 'Changes', href: paths.changes() }, { label: id.data }]}>
      <ChangeScreen id={id.data} />
    </Page>
  );
}
