import path from 'node:path';
import colors from 'picocolors';
import { roleNames } from '@/lib/access/model';
import { requireFreePorts } from '../process/port';
import { program } from '../setup/program';
import { demoAccounts } from '../stack/accounts';
import { lockStack } from '../stack/lock';
import type { Death } from '../stack/part';
import { namedPorts, portsFrom } from '../stack/ports';
import { type Stack, stackFolder, startStack } from '../stack/stack';
import { DEMO_USAGE, parseDemoOptions } from './options';

const NAME = 'demo';
const ADVICE = `Choose others: npm run demo -- --port N --port-base N (or SIGNALBOX_PORT, SIGNALBOX_PORT_BASE), or stop the other program.`;

await program(async (args) => {
  if (args.includes('--help')) {
    console.log(DEMO_USAGE);
    return 0;
  }
  const startedAt = performance.now();
  const seconds = () => `${Math.round((performance.now() - startedAt) / 1000)} s`.padStart(5);
  const progress = (line: string) => console.log(`${colors.dim(seconds())}  ${line}`);
  const options = parseDemoOptions(args, process.env);
  const ports = portsFrom(options.webPort, options.portBase);
  const unlock = lockStack(NAME);
  const ended = whenAskedToEnd();
  const abort = new AbortController();
  try {
    await requireFreePorts(namedPorts(ports), ADVICE);
    const databaseUrl = process.env['DATABASE_URL'];
    const death = Promise.withResolvers<Death>();
    const starting = startStack({
      ...options,
      name: NAME,
      ports,
      copies: true,
      ...(databaseUrl ? { databaseUrl } : {}),
      progress,
      onDeath: death.resolve,
      signal: abort.signal,
    });
    void ended.then(() => abort.abort());
    const stack = await starting.catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
    });
    if (!stack) {
      console.log('\nStopped before it was ready.');
      return 0;
    }
    console.log(
      `\n${welcome(stack, options.history)}\nReady after ${seconds().trim()}. Ctrl-C stops everything.\n`,
    );
    const reason = await Promise.race([death.promise, ended]);
    console.log(reason === 'asked' ? '\nStopping …' : `\n${deathText(reason)}\nStopping everything else …`);
    await stack.stop();
    console.log('Everything is stopped. The data is kept for the next run.');
    return reason === 'asked' ? 0 : 1;
  } finally {
    unlock();
  }
});

/**
 * Resolves at the first Ctrl-C or SIGTERM. One more a second later ends at once (the reaper then stops the rest);
 * within that second it is the same one, passed on by npm and by the bootstrap as well.
 */
function whenAskedToEnd(): Promise<'asked'> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (first !== undefined && performance.now() - first > 1_000) process.exit(1);
        first ??= performance.now();
        resolve('asked');
      });
    }
  });
}

const deathText = ({ part, how, tail }: Death) =>
  `${colors.red(`The ${part} ${how}.`)} Its last lines:\n${tail}\nMore in ${path.join(stackFolder(NAME), 'logs')}.`;

function welcome(stack: Stack, history: boolean): string {
  const width = Math.max(...demoAccounts.map((account) => account.email.length));
  const accounts = demoAccounts.map(
    ({ email, name, role }) => `    ${email.padEnd(width)}  ${name}, ${roleNames[role]}`,
  );
  return [
    colors.bold(`  Signalbox  ${stack.urls.web}`),
    '',
    `  Sign in with password ${colors.bold(stack.password)} as`,
    ...accounts,
    '',
    `  Logs      ${path.join(stack.folder, 'logs')}`,
    `  Scenarios ${stack.urls.sandboxControl}`,
    ...(history ? [] : ['  Without history: charts start now.']),
  ].join('\n');
}
