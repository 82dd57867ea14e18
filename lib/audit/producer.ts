import { newId } from '@/lib/core/ids';

/** Who writes: the process, not the person. `bootId` is new at each start. */
export type Producer = { name: 'web' | 'worker' | 'cli'; bootId: string };

/** Modules are loaded more than once in the web process; one process must still be one producer. */
declare global {
  var signalboxProducer: Producer | undefined;
}

/** Names this process for the audit log; called once at its start. Web processes need not. */
export function nameProducer(name: Producer['name']): Producer {
  const known = globalThis.signalboxProducer;
  if (known?.name === name) return known;
  globalThis.signalboxProducer = { name, bootId: newId() };
  return globalThis.signalboxProducer;
}

export const producer = (): Producer => globalThis.signalboxProducer ?? nameProducer('web');
