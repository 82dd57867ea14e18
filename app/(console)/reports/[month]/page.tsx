import '../print.css';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ReportScreen } from '@/components/report/report-screen';
import { Page } from '@/components/shell/page';
import { paths } from '@/lib/core/paths';
import { monthForm, monthName } from '@/lib/slo/report/words';
import { signedIn } from '../../signed-in';

type Props = { params: Promise<{ month: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await signedIn();
  const { month } = await params;
  return { title: monthForm.test(month) ? `Objectives in ${monthName(month)}` : 'Not found' };
}

export default async function ReportPage({ params }: Props) {
  await signedIn();
  const { month } = await params;
  if (!monthForm.test(month)) notFound();
  return (
    <Page
      crumbs={[
        { label: 'SLOs', href: paths.slos() },
        { label: 'Monthly reports', href: paths.reports() },
        { label: monthName(month) },
      ]}
    >
      <ReportScreen month={month} />
    </Page>
  );
}
