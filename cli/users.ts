import {
  addAccount,
  grantRole,
  killSessions,
  listAccounts,
  readRole,
  revokeRole,
  setDisabled,
} from '@/lib/access/accounts';
import { isOpsError, OpsError } from '@/lib/core/errors';
import { type Command, readArguments, UsageError } from './command';
import { operator, withDatabase } from './connect';
import { readPassword } from './password';

const addUsage =
  'signalbox users add EMAIL --name NAME [--role ROLE]... [--password-file FILE | --password-env NAME] [--if-absent]';

export const usersAdd: Command = {
  summary: 'Add an account; the password is asked for, or read from standard input',
  usage: addUsage,
  run: async (args) => {
    const options = {
      email: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string', multiple: true },
      'password-file': { type: 'string' },
      'password-env': { type: 'string' },
      'if-absent': { type: 'boolean' },
    } as const;
    const asOption = args.some((word) => word === '--email' || word.startsWith('--email='));
    const { values, positionals } = readArguments(args, addUsage, options, asOption ? 0 : 1);
    const email = values.email ?? positionals[0] ?? '';
    if (values.name === undefined) throw new UsageError('--name is missing.', addUsage);
    const roles = (values.role ?? []).map(readRole);
    const password = await readPassword({ file: values['password-file'], env: values['password-env'] });
    const input = { email, name: values.name, roles, password };
    try {
      await withDatabase((db) => addAccount({ db, actor: operator() }, input));
      console.log(`Added ${email}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}.`);
    } catch (error) {
      if (values['if-absent'] !== true || !isOpsError(error, 'conflict')) throw error;
      console.log(`${email} is there already.`);
    }
    return 0;
  },
};

export const usersList: Command = {
  summary: 'List accounts with their roles and open sessions',
  usage: 'signalbox users list',
  run: async (args) => {
    readArguments(args, usersList.usage, {}, 0);
    const accounts = await withDatabase(listAccounts);
    if (accounts.length === 0) {
      console.log(`There is no account yet. Make the first one:\n${addUsage}`);
      return 0;
    }
    const rows = accounts.map((account) => [
      account.email,
      account.name,
      account.roles.join(', ') || 'no role',
      account.disabled ? 'disabled' : account.sso ? 'single sign-on' : 'password',
      `${account.sessions} open`,
    ]);
    const head = ['E-mail', 'Name', 'Roles', 'Sign-in', 'Sessions'];
    const widths = head.map((title, column) =>
      Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
    );
    for (const row of [head, ...rows])
      console.log(
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    return 0;
  },
};

export const usersRole: Command = {
  summary: 'Grant or revoke a role; it counts from the next request on',
  usage: 'signalbox users role EMAIL (--grant ROLE | --revoke ROLE)',
  run: async (args) => {
    const { values, positionals } = readArguments(
      args,
      usersRole.usage,
      { grant: { type: 'string' }, revoke: { type: 'string' } },
      1,
    );
    const email = positionals[0] ?? '';
    const wanted = values.grant ?? values.revoke;
    if (wanted === undefined || (values.grant !== undefined && values.revoke !== undefined)) {
      throw new UsageError('Give either --grant or --revoke.', usersRole.usage);
    }
    const role = readRole(wanted);
    const change = values.grant === undefined ? revokeRole : grantRole;
    const done = await withDatabase((db) => change({ db, actor: operator() }, email, role));
    console.log(
      done
        ? `${email}: ${values.grant === undefined ? 'revoked' : 'granted'} ${role}.`
        : `${email}: nothing to change.`,
    );
    return 0;
  },
};

const disabling = (disabled: boolean): Command => ({
  summary: disabled ? 'Disable an account and end its sessions' : 'Enable a disabled account',
  usage: `signalbox users ${disabled ? 'disable' : 'enable'} EMAIL`,
  run: async (args) => {
    const { positionals } = readArguments(
      args,
      `signalbox users ${disabled ? 'disable' : 'enable'} EMAIL`,
      {},
      1,
    );
    const email = positionals[0] ?? '';
    const done = await withDatabase((db) => setDisabled({ db, actor: operator() }, email, disabled));
    console.log(
      done
        ? `${email} is ${disabled ? 'disabled; its sessions have ended' : 'enabled'}.`
        : `${email}: nothing to change.`,
    );
    return 0;
  },
});
export const usersDisable = disabling(true);
export const usersEnable = disabling(false);

export const usersSessions: Command = {
  summary: 'End all sessions of an account',
  usage: 'signalbox users sessions EMAIL --kill',
  run: async (args) => {
    const { values, positionals } = readArguments(
      args,
      usersSessions.usage,
      { kill: { type: 'boolean' } },
      1,
    );
    const email = positionals[0] ?? '';
    if (values.kill !== true) {
      const wanted = email.trim().toLowerCase();
      const account = (await withDatabase(listAccounts)).find((row) => row.email === wanted);
      if (account === undefined) {
        throw new OpsError('not-found', `There is no account with the address ${email}.`, {
          next: 'users list shows all of them.',
        });
      }
      console.log(`${email}: ${account.sessions} open. Add --kill to end them.`);
      return 0;
    }
    const count = await withDatabase((db) => killSessions({ db, actor: operator() }, email));
    console.log(`${email}: ended ${count} session${count === 1 ? '' : 's'}.`);
    return 0;
  },
};
