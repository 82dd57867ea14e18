const refused = 'The e-mail address or the password is wrong, or the account is disabled.';
const limited = 'Too many attempts. Wait a few minutes, then try again.';
/** Said when signing in cannot work at all. */
export const unavailable =
  'Signing in does not work now: the console cannot reach its database. Try again in a moment.';

/** One sentence for each way next-auth says no; an unknown user and a wrong password read the same. */
export function problemOf(error: string | null | undefined, url: string | null | undefined): string | null {
  if (url?.includes('csrf=true')) return 'The sign-in page was too old. Try again.';
  if (!error) return null;
  if (error.includes('limit')) return limited;
  if (error.includes('unavailable')) return unavailable;
  return refused;
}
