import { api } from '@/lib/core/paths';

const link = 'text-accent hover:underline max-sm:min-h-11 max-sm:content-center';

/** The deployment record as files; the browser keeps them under the name that the server gives. */
export const RecordLinks = ({ change }: { change: string }) => (
  <p className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-meta">
    <span className="text-text-3">Deployment record</span>
    <a href={api.changeRecord(change, 'json')} download className={link}>
      JSON
    </a>
    <a href={api.changeRecord(change, 'text')} download className={link}>
      Markdown
    </a>
  </p>
);
