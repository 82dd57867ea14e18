import { randomInt } from 'node:crypto';
import { isPortFree } from '../process/port';

/** TCP ports on 127.0.0.1. The pretend production takes `sandbox` and the ones above it. */
export type StackPorts = {
  web: number;
  worker: number;
  database: number;
  primaryDatabase: number;
  secondaryDatabase: number;
  control: number;
  sandbox: number;
};

export const SANDBOX_PORTS = 10;
const SPAN = 10 + SANDBOX_PORTS;

/** Web on `web`, everything else from `base` upwards. */
export const portsFrom = (web: number, base: number): StackPorts => ({
  web,
  worker: base,
  database: base + 1,
  primaryDatabase: base + 2,
  secondaryDatabase: base + 3,
  control: base + 4,
  sandbox: base + 10,
});

/** All ports by the name of what listens there, for the check before anything starts. */
export function namedPorts(ports: StackPorts): Record<string, number> {
  const { web, worker, database, primaryDatabase, secondaryDatabase, sandbox } = ports;
  const named: Record<string, number> = {
    web,
    worker,
    database,
    'database of us-east-1': primaryDatabase,
    'database of eu-west-1': secondaryDatabase,
  };
  for (let offset = 0; offset < SANDBOX_PORTS; offset++)
    named[`pretend production +${offset}`] = sandbox + offset;
  return named;
}

/** Below the ports that systems give to outgoing connections: a port that is free now stays so while others start. */
const LOWEST = 12_000;
const HIGHEST = 31_000;

/** A block of ports that is free now, for runs that nobody has to find: tests and measurements. */
export async function freePorts(): Promise<StackPorts> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const start = randomInt(LOWEST, HIGHEST - SPAN);
    const block = Array.from({ length: SPAN + 1 }, (_, offset) => start + offset);
    const free = await Promise.all(block.map(isPortFree));
    if (free.every(Boolean)) return portsFrom(start, start + 1);
  }
  throw new Error(`No block of ${SPAN + 1} free ports was found on 127.0.0.1.`);
}
