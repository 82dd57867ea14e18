import type { Metadata } from 'next';
import { ArchivesPart } from '@/components/backup/archives-part';
import { BackupsScreen } from '@/components/backup/backups-screen';
import { Page } from '@/components/shell/page';

export const metadata: Metadata = { title: 'Backups' };

export default function BackupsPage() {
  return (
    <Page crumbs={[{ label: 'Backups' }]}>
      <BackupsScreen />
      <ArchivesPart />
    </Page>
  );
}
