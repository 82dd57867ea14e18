import { readRole } from '@/lib/access/accounts';
import { type TokenScope, tokenScopes } from '@/lib/access/model';
import { createToken, listTokens, revokeToken, type TokenRow } from '@/lib/access/tokens';
import { OpsError } from '@/lib/core/errors';
import { type Command, readArguments, readSeconds, UsageError } from './command';
import { operator, withDatabase } from './connect';

const createUsage =
  'signalbox tokens create NAME --owner EMAIL --scopes read[,plan] --expires 90d [--as-role ROLE]...';

export const tokensCreate: Command = {
  summary: 'Make a token for a pipeline and print it, once; it may look and ask, never sign',
  usage: createUsage,
  run: async (args) => {
    const options = {
      owner: { type: 'string' },
      scopes: { type: 'string', multiple: true },
      expires: { type: 'string' },
      'as-role': { type: 'string', multiple: true },
    } as const;
    const { values, positionals } = readArguments(args, createUsage, options, 1);
    const [name = ''] = positionals;
    if (values.owner === undefined)
      throw new UsageError('--owner is missing: the account that answers for the token.', createUsage);
    if (values.scopes === undefined) throw new UsageError('--scopes is missing.', createUsage);
    if (values.expires === undefined)
      throw new UsageError('--expires is missing: every token ends, after at most 366 days.', createUsage);
    const input = {
      name,
      owner: values.owner,
      scopes: values.scopes.flatMap((list) => list.split(',')).map(readScope),
      roles: (values['as-role'] ?? []).flatMap((list) => list.split(',')).map(readRole),
      expiresSeconds: readSeconds(values.expires, '--expires', createUsage),
    };
    const { text, expiresAt } = await withDatabase((db) => createToken({ db, actor: operator() }, input));
    // Nothing but the token goes to standard output, so that it can be handed on without being shown.
    console.error(
      `Token ${name} of ${input.owner}, good until ${expiresAt.toISOString()}. It is shown only now:`,
    );
    console.log(text);
    return 0;
  },
};

function readScope(text: string): TokenScope {
  const scope = tokenScopes.find((one) => one === text.trim());
  if (scope !== undefined) return scope;
  throw new OpsError('invalid', `There is no scope ${text}.`, {
    next: `Scopes: ${tokenScopes.join(', ')}. None lets a token sign, steer or publish.`,
  });
}

export const tokensList: Command = {
  summary: 'List tokens with their owners, scopes, end and last use',
  usage: 'signalbox tokens list [--json]',
  run: async (args) => {
    const { values } = readArguments(args, tokensList.usage, { json: { type: 'boolean' } }, 0);
    const tokens = await withDatabase(listTokens);
    if (values.json === true) console.log(JSON.stringify(tokens, null, 2));
    else if (tokens.length === 0) console.log(`There is no token yet. Make one:\n${createUsage}`);
    else printTable(tokens);
    return 0;
  },
};

function printTable(tokens: readonly TokenRow[]): void {
  const head = ['Name', 'Owner', 'Scopes', 'Roles', 'State', 'Good until', 'Last used'];
  const rows = tokens.map((token) => [
    token.name,
    token.owner,
    token.scopes.join(', '),
    token.roles.join(', ') || 'no role',
    token.state,
    token.expiresAt.toISOString(),
    token.lastUsedAt?.toISOString() ?? 'never',
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    console.log(cells.join('  ').trimEnd());
  }
}

export const tokensRevoke: Command = {
  summary: 'End a token; changes it asked for that have not started are voided',
  usage: 'signalbox tokens revoke NAME',
  run: async (args) => {
    const { positionals } = readArguments(args, tokensRevoke.usage, {}, 1);
    const [name = ''] = positionals;
    const revoked = await withDatabase((db) => revokeToken({ db, actor: operator() }, name));
    console.log(`Revoked ${revoked.name}; it counts for nothing from now on.`);
    if (revoked.open.length > 0)
      console.log(`It asked for these, which have not ended: ${revoked.open.join(', ')}.`);
    return 0;
  },
};
