import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { localPath } from '@/lib/access/callback';
import type { Person } from '@/lib/access/model';
import { currentActor } from '@/lib/access/session';
import { paths } from '@/lib/core/paths';

/**
 * The signed-in person, read once per request; a stranger is sent to the sign-in. Asked by the layout and by each
 * page that reads the configuration: who asks for a page in the router's own form can leave its layout out.
 */
export const signedIn = cache(async (): Promise<Person> => {
  const actor = await currentActor();
  if (actor === null) redirect(paths.signIn(localPath((await headers()).get('x-path'))));
  return actor;
});
