import { nameProducer } from '@/lib/audit/producer';
import { isOpsError, messageOf } from '@/lib/core/errors';
import { archiveVerify } from './archive-verify';
import { auditVerify } from './audit-verify';
import {
  changeBackup,
  changeDeploy,
  changeEndSession,
  changeRestart,
  changeRestore,
  changeRollback,
  changeScale,
  changeSetEnv,
  changeShift,
  changeShow,
  changeWait,
} from './change';
import { type Command, UsageError } from './command';
import { configCheck } from './config-check';
import { configValidate } from './config-validate';
import { disconnect } from './connect';
import { dbMigrate, dbStatus } from './db';
import { gate } from './gate';
import { openapi } from './openapi';
import { rules } from './rules';
import { rulesLint } from './rules-lint';
import { sloExport, sloImport } from './slo-documents';
import { tokensCreate, tokensList, tokensRevoke } from './tokens';
import { usersAdd, usersDisable, usersEnable, usersList, usersRole, usersSessions } from './users';

const commands: Record<string, Command> = {
  'config validate': configValidate,
  'config check': configCheck,
  'slo export': sloExport,
  'slo import': sloImport,
  rules,
  'rules lint': rulesLint,
  gate,
  'change deploy': changeDeploy,
  'change rollback': changeRollback,
  'change shift': changeShift,
  'change scale': changeScale,
  'change restart': changeRestart,
  'change set-env': changeSetEnv,
  'change backup': changeBackup,
  'change end-session': changeEndSession,
  'change restore': changeRestore,
  'change show': changeShow,
  'change wait': changeWait,
  'users add': usersAdd,
  'users list': usersList,
  'users role': usersRole,
  'users disable': usersDisable,
  'users enable': usersEnable,
  'users sessions': usersSessions,
  'tokens create': tokensCreate,
  'tokens list': tokensList,
  'tokens revoke': tokensRevoke,
  'audit verify': auditVerify,
  'archive verify': archiveVerify,
  'db migrate': dbMigrate,
  'db status': dbStatus,
  openapi,
};

const help = (): string => {
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  return `signalbox: operations console\n\nCommands:\n${lines.join('\n')}\n\nConfiguration: SIGNALBOX_CONFIG (signalbox.yaml). Database: DATABASE_URL. Commands of changes need neither: SIGNALBOX_URL, SIGNALBOX_TOKEN.`;
};

async function main(words: string[]): Promise<number> {
  if (words.length === 0 || words[0] === 'help' || words[0] === '--help' || words[0] === '-h') {
    console.log(help());
    return 0;
  }
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) =>
    Object.hasOwn(commands, candidate),
  );
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || command === undefined) {
    console.error(`There is no command ${words.slice(0, 2).join(' ')}.\n\n${help()}`);
    return 2;
  }
  const args = words.slice(name.split(' ').length);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`${command.summary}\n\nUsage: ${command.usage}`);
    return 0;
  }
  return command.run(args);
}

/** What a person can do something about is a sentence; anything else shows where it happened. */
function explain(error: unknown): number {
  if (isOpsError(error)) {
    console.error([error.message, error.next].filter(Boolean).join('\n'));
    return error instanceof UsageError ? 2 : 1;
  }
  const advice =
    error instanceof Error && 'next' in error && typeof error.next === 'string' ? `\n${error.next}` : '';
  console.error(`${messageOf(error)}${advice}`);
  return 1;
}

nameProducer('cli');
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
} finally {
  await disconnect();
}
