import { api } from '@/lib/core/paths';
import type { ExportFormat } from '@/lib/slo/export/contract';
import type { SloPage } from '@/lib/slo/page/contract';
import { groupPart, type PageChoice } from './page-url';

const files: { format: ExportFormat; name: string; says: string }[] = [
  { format: 'csv', name: 'CSV', says: 'Every figure of this page, one a row' },
  { format: 'json', name: 'JSON', says: 'This page as the API answers it' },
  { format: 'openslo', name: 'OpenSLO', says: 'The objective as an OpenSLO v1 document' },
];

const linkStyle = 'text-accent hover:underline max-sm:min-h-11 max-sm:content-center';

type ExportLinksProps = { page: SloPage; choice: PageChoice };

/** The page as files; the browser keeps them under the name that the server gives. */
export const ExportLinks = ({ page: { row }, choice }: ExportLinksProps) => (
  <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
    <span className="text-text-3">Export</span>
    {files.map(({ format, name, says }) => (
      <a
        key={format}
        href={api.sloPart(row.id, 'export', {
          environment: row.environment,
          exclusions: choice.exclusions,
          ...groupPart(choice),
          format,
        })}
        download
        title={says}
        className={linkStyle}
      >
        {name}
      </a>
    ))}
    {/* Not marked as a download: where no rules can be made, the browser shows the reason. */}
    <a
      href={api.sloPart(row.id, 'rules', { environment: row.environment })}
      title="Recording and alert rules for Prometheus 2.42 and newer"
      className={linkStyle}
    >
      Prometheus rules
    </a>
  </p>
);
