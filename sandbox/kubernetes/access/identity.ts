import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Who a request is made as: the account behind the token, or the identity that it impersonates. */
export type Identity = { user: string; groups: string[]; extra: { [key: string]: string[] } };

/** A sign-in that the cluster knows; `account` is the name that the write log and the fault rules use. */
export type Account = { account: string; token: string; identity: Identity };

export const ANONYMOUS: Identity = {
  user: 'system:anonymous',
  groups: ['system:unauthenticated'],
  extra: {},
};

const AUTHENTICATED = 'system:authenticated';

export const ACCOUNT_NAMES = ['signalbox-web', 'signalbox-worker', 'admin'] as const;
export type AccountName = (typeof ACCOUNT_NAMES)[number];

/** The namespace in which deploy/kubernetes puts the two service accounts. */
const ACCOUNT_NAMESPACE = 'signalbox';

export function identityOf(account: AccountName): Identity {
  if (account === 'admin') return { user: 'admin', groups: ['system:masters', AUTHENTICATED], extra: {} };
  return {
    user: `system:serviceaccount:${ACCOUNT_NAMESPACE}:${account}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${ACCOUNT_NAMESPACE}`, AUTHENTICATED],
    extra: {},
  };
}

const tokensSchema = z.record(z.string(), z.string().min(16));

/** The accounts with their bearer tokens, read from `dir`/tokens.json or made and kept there (mode 0600). */
export async function loadAccounts(dir: string): Promise<Account[]> {
  const file = path.join(dir, 'tokens.json');
  const kept = existsSync(file) ? tokensSchema.parse(JSON.parse(await readFile(file, 'utf8'))) : {};
  const accounts = ACCOUNT_NAMES.map((account) => ({
    account,
    token: kept[account] ?? randomBytes(32).toString('base64url'),
    identity: identityOf(account),
  }));
  await mkdir(dir, { recursive: true });
  const tokens = Object.fromEntries(accounts.map(({ account, token }) => [account, token]));
  await writeFile(file, JSON.stringify(tokens), { mode: 0o600 });
  return accounts;
}
