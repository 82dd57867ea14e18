'use client';

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { type ReactNode, useState } from 'react';
import { ZoneProvider } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import { ProblemError } from '@/lib/http/client';
import { LiveUpdates } from './live-updates';
import type { Zone } from './preferences';
import { ZoneChoice } from './zone-choice';

/** A signed-out browser is sent to sign in and comes back to where it was. */
function onQueryError(error: Error): void {
  if (error instanceof ProblemError && error.problem.status === 401) {
    window.location.assign(paths.signIn(`${window.location.pathname}${window.location.search}`));
  }
}

const makeClient = () =>
  new QueryClient({
    queryCache: new QueryCache({ onError: onQueryError }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        // An error that our API explains stays the same when asked again at once; polling asks later anyway.
        retry: (count, error) => count < 2 && !(error instanceof ProblemError && error.problem.status < 500),
        refetchOnWindowFocus: true,
      },
    },
  });

type ProvidersProps = { nonce: string | undefined; zone: Zone; children: ReactNode };

export function Providers({ nonce, zone: initialZone, children }: ProvidersProps) {
  const [client] = useState(makeClient);
  const [zone, setZone] = useState(initialZone);
  // Once only: a later nonce is not one this document accepts.
  useState(() => {
    if (nonce) setNonce(nonce);
  });
  return (
    <QueryClientProvider client={client}>
      <ZoneChoice value={{ zone, setZone }}>
        <ZoneProvider zone={zone}>
          <LiveUpdates />
          {children}
        </ZoneProvider>
      </ZoneChoice>
    </QueryClientProvider>
  );
}
