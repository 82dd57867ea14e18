import net from 'node:net';
import { UserError } from '../setup/user-error';

/** Whether somebody can listen on this TCP port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port that was free a moment ago, from the ephemeral range. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

/**
 * Refuses before anything starts when one of the ports is taken. `wanted` maps what would listen to its port;
 * `advice` says how to choose others.
 */
export async function requireFreePorts(wanted: Record<string, number>, advice: string): Promise<void> {
  const busy: string[] = [];
  const seen = new Map<number, string>();
  for (const [name, port] of Object.entries(wanted)) {
    const other = seen.get(port);
    if (other) busy.push(`${port} (${name}) is also meant for ${other}`);
    else if (!(await isPortFree(port))) busy.push(`${port} (${name}) is in use by another program`);
    seen.set(port, name);
  }
  if (busy.length === 0) return;
  throw new UserError(`Port ${busy.join(', port ')} on 127.0.0.1. Nothing was started.`, advice);
}
