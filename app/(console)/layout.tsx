import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { preferenceCookies, zoneOf } from '@/components/shell/preferences';
import { Providers } from '@/components/shell/providers';
import { Shell } from '@/components/shell/shell';
import { viewMe } from '@/lib/access/view';
import { environmentOf } from './search-params';
import { signedIn } from './signed-in';

/** Every console page asks again who is signed in; the proxy's redirect is only a courtesy. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const me = await viewMe(await signedIn());
  const zone = zoneOf((await cookies()).get(preferenceCookies.zone)?.value);
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <Providers nonce={nonce} zone={zone}>
      <Shell me={me} environment={await environmentOf()}>
        {children}
      </Shell>
    </Providers>
  );
}
