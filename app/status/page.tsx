import type { Metadata } from 'next';
import { connection } from 'next/server';
import { PublicPage } from '@/components/status/public-page';
import { DemoTiming } from '@/components/ui/demo-timing';
import { readPublished } from '@/lib/status/published';

const fallbackTitle = 'Service status';

export async function generateMetadata(): Promise<Metadata> {
  return { title: { absolute: (await readPublished())?.title ?? fallbackTitle } };
}

/** Made from the published file at each request; needs neither the database nor a script. */
export default async function PublicStatusPage() {
  await connection();
  const status = await readPublished();
  return (
    <main>
      <div className="mb-5 flex flex-wrap items-center gap-3">
        <h1 className="font-semibold text-section">{status?.title ?? fallbackTitle}</h1>
        {status?.demoTiming ? <DemoTiming className="border border-line" /> : null}
      </div>
      <PublicPage status={status} now={new Date()} />
    </main>
  );
}
