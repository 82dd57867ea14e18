import { cookies } from 'next/headers';
import { preferenceCookies } from '@/components/shell/preferences';
import { chooseEnvironment } from '@/lib/service/place';

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The first value of a query parameter; a repeated one is not an error. */
export const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** One of a closed list, else its fallback: rubbish in the URL shows the usual page. */
export const oneOf = <T extends string>(allowed: readonly T[], value: string | undefined, fallback: T): T =>
  allowed.find((each) => each === value) ?? fallback;

/** The environment of this request: the URL's, else the one this browser chose. */
export async function environmentOf(wanted?: string): Promise<string> {
  return chooseEnvironment(wanted, (await cookies()).get(preferenceCookies.environment)?.value);
}
