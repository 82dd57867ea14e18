import { Page } from '@/components/shell/page';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { paths } from '@/lib/core/paths';

export default function NotFound() {
  return (
    <Page crumbs={[{ label: 'Not found' }]}>
      <h1 className="mb-3 font-medium text-page">There is no such page</h1>
      <EmptyState
        title="Nothing has this address"
        why="The link may be old, or the service or change it names was never here."
        action={<ButtonLink href={paths.overview()}>Go to the overview</ButtonLink>}
      />
    </Page>
  );
}
