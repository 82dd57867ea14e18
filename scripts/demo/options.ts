import { UserError } from '../setup/user-error';

export type DemoOptions = { webPort: number; portBase: number; history: boolean; reset: boolean };

export const DEMO_USAGE = `Usage: npm run demo [-- options]
  --port N        port of the web (default 3000, or SIGNALBOX_PORT)
  --port-base N   first of the 20 ports of everything else (default 3100, or SIGNALBOX_PORT_BASE)
  --reset         forget the data of earlier runs and start over
  --no-history    skip the 30 days of history, for a quicker first start
Everything listens on 127.0.0.1 only. Ctrl-C stops it all.`;

const HIGHEST_BASE = 65_535 - 20;

/** The options from arguments and environment; arguments win. Throws UserError that names what is wrong. */
export function parseDemoOptions(args: readonly string[], environment: NodeJS.ProcessEnv): DemoOptions {
  const options: DemoOptions = {
    webPort: portOf('SIGNALBOX_PORT', environment['SIGNALBOX_PORT'] || '3000', 65_535),
    portBase: portOf('SIGNALBOX_PORT_BASE', environment['SIGNALBOX_PORT_BASE'] || '3100', HIGHEST_BASE),
    history: true,
    reset: false,
  };
  const rest = args.flatMap((arg) => (/^--[\w-]+=/.test(arg) ? arg.split(/=(.*)/s, 2) : [arg]));
  for (let index = 0; index < rest.length; index++) {
    const arg = rest[index];
    if (arg === '--reset') options.reset = true;
    else if (arg === '--no-history') options.history = false;
    else if (arg === '--port') options.webPort = portOf(arg, rest[++index], 65_535);
    else if (arg === '--port-base') options.portBase = portOf(arg, rest[++index], HIGHEST_BASE);
    else throw new UserError(`npm run demo does not know ${arg}.`, DEMO_USAGE);
  }
  return options;
}

function portOf(name: string, text: string | undefined, highest: number): number {
  const port = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (port >= 1 && port <= highest) return port;
  throw new UserError(`${name} must be a port from 1 to ${highest}; it is ${text ?? 'missing'}.`, DEMO_USAGE);
}
