'use client';

import { useQueryString } from '@/components/ui/use-query-string';
import { paths } from '@/lib/core/paths';
import { fleetLookOf, fleetQueryParts } from './fleet-url';
import { SlosScreen } from './slos-screen';

/** The list with everything that it shows in the URL. */
export function SlosRoute() {
  const { query, go } = useQueryString();
  return <SlosScreen look={fleetLookOf(query)} onLook={(next) => go(paths.slos(fleetQueryParts(next)))} />;
}
