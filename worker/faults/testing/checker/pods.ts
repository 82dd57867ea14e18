import { kindOf, type OurWrite, type Read, type Serving, told, type Violation } from './history';

/** A write that was carried out, with what it left behind. */
export type Carried = OurWrite & { left: NonNullable<OurWrite['left']> };

type Shares = Readonly<Record<string, number>>;

const DEPLOYMENTS = 'deployments.apps';
const replicasOf = ({ left }: Carried, deployment: string): number =>
  left.workloads[deployment]?.replicas ?? 0;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/**
 * Where one Service chooses the pods of all Deployments: the part of each is that of the pods that are wanted. Null
 * when a write leaves the parts as they were.
 */
export function sharesOfPods(
  serving: Serving,
  write: Carried,
  before: Shares,
): Record<string, number> | null {
  const deployments = Object.keys(serving.shares);
  if (write.resource !== DEPLOYMENTS || !deployments.includes(write.name ?? '')) return null;
  const all = sum(deployments.map((name) => replicasOf(write, name)));
  const after = Object.fromEntries(
    deployments.map((name) => [name, all === 0 ? 0 : replicasOf(write, name) / all]),
  );
  return deployments.some((name) => after[name] !== before[name]) ? after : null;
}

/**
 * One share is meant, and two Deployments make it one after the other: what a rollback or a shift does by one write of
 * a router. A success needs its PASS all the same (life.ts).
 */
export const isOneMove = (read: Read, { isByPods }: Serving, change: number): boolean =>
  isByPods === true && ['rollback', 'shift'].includes(kindOf(read, change));

/**
 * I5 where pods are the share: all of them together are as many as the requests need, and when some are taken away, as
 * many of the others are available: what the new ones lack the old ones carry, until they may go.
 */
export function checkPods(serving: Serving, writes: readonly Carried[]): Violation[] {
  const deployments = Object.keys(serving.shares);
  const now = new Map(deployments.map((name) => [name, (serving.shares[name] ?? 0) * serving.need]));
  return writes.flatMap((write): Violation[] => {
    if (write.resource !== DEPLOYMENTS) return [];
    const name = write.name ?? '';
    const lowers = replicasOf(write, name) < (now.get(name) ?? 0);
    for (const one of deployments) now.set(one, replicasOf(write, one));
    const what = (has: string): Violation[] => [
      {
        invariant: 'I5',
        what: `${told(write)} leaves ${has} in all of ${deployments.join(' and ')}, and ${serving.need} carry the requests.`,
      },
    ];
    const wanted = sum(deployments.map((one) => replicasOf(write, one)));
    if (wanted < serving.need) return what(`${wanted} pods wanted`);
    // Those that are to go count as long as the status has them: they do not stay.
    const stay = sum(
      deployments.map((one) => Math.min(write.left.workloads[one]?.available ?? 0, replicasOf(write, one))),
    );
    return lowers && stay < serving.need ? what(`${stay} pods available`) : [];
  });
}
