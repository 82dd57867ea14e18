'use client';

import { useQueryString } from '@/components/ui/use-query-string';
import { paths } from '@/lib/core/paths';
import { AuditScreen } from './audit-screen';
import { filterOf } from './filter-url';

/** The audit page with its filter in the URL. */
export function AuditRoute() {
  const { query, go } = useQueryString();
  return <AuditScreen filter={filterOf(query)} onFilter={(filter) => go(paths.audit(filter))} />;
}
