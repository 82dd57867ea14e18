'use client';

import { useQuery } from '@tanstack/react-query';
import { useEnvironment } from '@/components/shell/environment';
import { useQueryString } from '@/components/ui/use-query-string';
import { meQuery } from '@/lib/access/client';
import { readUrl, urlOf } from './log-url';
import { LogsScreen } from './logs-screen';

/** The logs page with its state in the URL. */
export function LogsRoute() {
  const { query, go } = useQueryString();
  const { data: me } = useQuery(meQuery());
  return (
    <LogsScreen
      url={readUrl(query)}
      environment={useEnvironment()}
      services={me?.services ?? []}
      regions={me?.regions ?? []}
      onUrl={(url, replace) => go(urlOf(url), replace)}
    />
  );
}
