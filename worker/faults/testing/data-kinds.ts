import fs from 'node:fs';
import { checkDueCopies } from '@/lib/backup/check-copies';
import { clearAbandoned } from '@/lib/backup/clear-abandoned';
import { type Copier, makeDueCopies } from '@/lib/backup/make-copy';
import { checkData, type DataHistory } from './checker/data';
import type { DataSimulation } from './data-simulation';
import type { Gate } from './gate';
import type { GroundWorker } from './ground';
import { keptAside } from './kept-aside';
import type { Judge, Kind } from './kinds';
import { LEASE } from './simulated-config';

const place = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' } as const;
const DATABASE = 'shop';
const none = { writes: 0, serving: [], isJudged: false } as const;

/**
 * Changes of databases. Whoever makes the copies is another process, or the one that dies; a session is signed anew for
 * each schedule, and another one stands beside it that must live on.
 */
export function dataKinds(sim: DataSimulation): readonly Kind[] {
  const backup = { ...none, ask: () => ({ kind: 'backup', ...place, database: DATABASE }) as const };
  const judge = judgeOf(sim);
  return [
    {
      ...backup,
      name: 'backup',
      state: 'Succeeded',
      beside: () => workOnCopies(sim, 'copier', sim.db, new AbortController().signal),
      judge,
    },
    {
      ...backup,
      name: 'backup by the worker that dies',
      state: 'Succeeded',
      // Half a copy is worth nothing: it is told as failed, and so is the change.
      states: ['Failed'],
      beside: (worker, gate) => ownCopies(sim, worker, gate),
      judge,
    },
    { ...none, name: 'end-session', state: 'Succeeded', isUsedUp: true, ask: () => askEnd(sim), judge },
    {
      ...none,
      name: 'end-session of a number that is taken over',
      state: 'Succeeded',
      isUsedUp: true,
      ask: () => askEnd(sim),
      onPoint: async (name) => {
        const [signed, other] = sim.sessions;
        if (!name.startsWith('before served act') || signed === undefined || other === undefined) return;
        if (!signed.hasLeft) await sim.takeOver(signed, other);
      },
      judge,
    },
  ];
}

async function askEnd(sim: DataSimulation) {
  const { pid, startedAt } = await sim.session('signed');
  await sim.session('other');
  return { kind: 'end-session', ...place, database: DATABASE, pid, startedAt } as const;
}

/** What the jobs of a worker do for copies, one after another. */
async function workOnCopies(
  sim: DataSimulation,
  id: string,
  db: Copier['db'],
  signal: AbortSignal,
): Promise<void> {
  const copier = (part: string): Copier => ({
    db,
    config: sim.config,
    actor: { kind: 'worker', id },
    holder: { workerId: `${id}/${part}`, leaseSeconds: LEASE },
    signal,
  });
  await clearAbandoned(copier('copies'));
  await makeDueCopies(copier('copies'));
  await checkDueCopies(copier('checks'));
}

/** A dead process tidies nothing up: the folder is as it was at its death. */
async function ownCopies(sim: DataSimulation, { id, database }: GroundWorker, gate: Gate): Promise<void> {
  const aside = keptAside(sim.copies.folder, gate.died);
  try {
    await workOnCopies(sim, id, database.db, gate.died);
  } finally {
    aside.putBack();
  }
}

const judgeOf =
  (sim: DataSimulation): Judge =>
  async (change, audit) => {
    const rows = await sim.db.backupCopy.findMany({ where: { changeNumber: change } });
    const sessions = await Promise.all(
      sim.sessions.map(async (one, index) => ({
        name: one.name,
        isSigned: index === 0,
        isEnded: !one.hasLeft && !(await sim.isThere(one)),
      })),
    );
    const orders = [...sim.served.values()].flatMap((port) => port.orders);
    const history: DataHistory = {
      change,
      audit,
      copies: rows.map(({ state, object }) => ({ state, object })),
      files: wholeFiles(sim.copies.folder),
      sessions,
      // The last column of the answer: what pg_terminate_backend said.
      orders: orders
        .toSorted((left, right) => left.atMs - right.atMs)
        .map(({ worker, atMs, row }) => ({ worker, atMs, isCarriedOut: row.at(-1) === 't' })),
    };
    return checkData(history);
  };

/** Hidden files are half, and a marker is none of its own. */
const wholeFiles = (folder: string): string[] =>
  fs.existsSync(folder)
    ? fs.readdirSync(folder).filter((name) => !name.startsWith('.') && !name.endsWith('.json'))
    : [];
