'use client';

import { useQueryString } from '@/components/ui/use-query-string';
import { paths } from '@/lib/core/paths';
import { pageChoiceOf, pageQueryParts } from './page-url';
import { SloScreen } from './slo-screen';

/** The page of an objective with its choices in the URL. */
export function SloRoute({ slo }: { slo: string }) {
  const { query, go } = useQueryString();
  const choice = pageChoiceOf(query);
  return (
    <SloScreen
      slo={slo}
      choice={choice}
      onSpan={(span) => go(paths.slo(slo, pageQueryParts({ ...choice, span })))}
    />
  );
}
