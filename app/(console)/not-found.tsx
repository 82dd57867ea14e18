import { Page } from '@/components/shell/page';
import { ThemeKeeper } from '@/components/shell/theme-keeper';
import { ButtonLink } from '@/components/ui/button';
import { paths } from '@/lib/core/paths';

export default function NotFound() {
  return (
    <Page crumbs={[{ label: 'Not found' }]}>
      <ThemeKeeper />
      <h1 className="font-medium text-page">There is no such page</h1>
      <p className="mt-1 mb-3 max-w-[68ch] text-text-2">
        The link may be old, or the service or change it names was never here.
      </p>
      <ButtonLink href={paths.overview()}>Go to the overview</ButtonLink>
    </Page>
  );
}
