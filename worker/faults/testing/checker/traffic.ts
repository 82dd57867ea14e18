import { type Entry, entriesOf, type Read, type Serving, timeOf, told, type Violation } from './history';
import { type Carried, checkPods, isOneMove, sharesOfPods } from './pods';
import { rulesOf, selectorOf, sharesOf, weightProblem } from './routing';

const carried = (read: Read): Carried[] =>
  read.writes.flatMap((write) =>
    write.carriedOut && write.left !== null ? [{ ...write, left: write.left }] : [],
  );

const chosen = (selector: Record<string, string>, labels: Record<string, string>): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);

/** I3: weights add up to 100, and nothing gets traffic that has no ready endpoint. */
export function checkWeights(read: Read): Violation[] {
  const found: Violation[] = [];
  const broken = (what: string) => found.push({ invariant: 'I3', what });
  for (const write of carried(read)) {
    const { left } = write;
    for (const rule of rulesOf(write.resource, left.spec) ?? []) {
      const problem = weightProblem(rule);
      if (problem !== null) broken(`${told(write)} ${problem}.`);
      for (const { service, weight } of rule.backends) {
        if ((weight ?? 1) > 0 && rule.backends.length > 1 && (left.endpoints[service] ?? 0) === 0)
          broken(`${told(write)} sends traffic to ${service}, which has no ready endpoint.`);
      }
    }
    const selector = selectorOf(write.resource, left.spec);
    if (selector === null) continue;
    const ready = Object.values(left.workloads)
      .filter(({ labels }) => chosen(selector, labels))
      .reduce((sum, { available }) => sum + available, 0);
    if (ready === 0) broken(`${told(write)} chooses pods of which none is available.`);
  }
  return found;
}

/** Shares by Deployment after a write that moves them; null when the write is of something else. */
function sharesAfter(
  serving: Serving,
  write: Carried,
  before: Readonly<Record<string, number>>,
): Record<string, number> | null {
  if (serving.isByPods === true) return sharesOfPods(serving, write, before);
  if (`${write.resource}/${write.name}` !== serving.router) return null;
  const { left } = write;
  const selector = selectorOf(write.resource, left.spec);
  const deployments = Object.keys(serving.shares);
  if (selector !== null) {
    const behind = deployments.filter((name) => chosen(selector, left.workloads[name]?.labels ?? {}));
    return Object.fromEntries(
      deployments.map((name) => [name, behind.includes(name) ? 1 / behind.length : 0]),
    );
  }
  const shares = sharesOf(rulesOf(write.resource, left.spec) ?? []);
  return Object.fromEntries(deployments.map((name) => [name, shares.get(serving.backends[name] ?? '') ?? 0]));
}

type Step = { write: Carried; before: Record<string, number>; after: Record<string, number>; moved: boolean };

const writesIn = (read: Read, { cluster, namespace }: Serving): Carried[] =>
  carried(read).filter((write) => write.cluster === cluster && write.namespace === namespace);

/** The writes of one place with the shares before and after each. */
function stepsOf(read: Read, serving: Serving): Step[] {
  let now: Record<string, number> = { ...serving.shares };
  return writesIn(read, serving).map((write) => {
    const before = now;
    const after = sharesAfter(serving, write, before);
    now = after ?? before;
    return { write, before, after: now, moved: after !== null };
  });
}

/** I5: what carries traffic has the pods for its share, whatever is written. */
export function checkCapacity(read: Read): Violation[] {
  return read.history.serving.flatMap((serving) =>
    serving.isByPods === true ? checkPods(serving, writesIn(read, serving)) : checkShares(read, serving),
  );
}

const checkShares = (read: Read, serving: Serving): Violation[] =>
  stepsOf(read, serving).flatMap(({ write, before, after, moved }) =>
    Object.entries(after).flatMap(([deployment, share]): Violation[] => {
      const workload = write.left.workloads[deployment];
      const need = Math.ceil(serving.need * share - 1e-9);
      if (workload === undefined || need === 0) return [];
      const what = (has: string) =>
        `${told(write)} leaves ${deployment} with ${has}, and ${need} carry its share of ${Math.round(share * 100)} %.`;
      if (workload.replicas < need)
        return [{ invariant: 'I5', what: what(`${workload.replicas} pods wanted`) }];
      const gains = moved && share > (before[deployment] ?? 0);
      if (gains && workload.available < need)
        return [{ invariant: 'I5', what: what(`${workload.available} pods available`) }];
      return [];
    }),
  );

/** I4: after the first share, no more traffic without a stored PASS since the last write that moved shares. */
export function checkAdvances(read: Read): Violation[] {
  const found: Violation[] = [];
  for (const serving of read.history.serving) {
    let last: Step | null = null;
    for (const step of stepsOf(read, serving)) {
      if (!step.moved) continue;
      const { write } = step;
      const change = write.fence?.change;
      const previous: Step | null = last !== null && last.write.fence?.change === change ? last : null;
      last = step;
      if (previous === null || change === undefined) continue;
      if (goesBack(read, change, write.atMs) || isOneMove(read, serving, change)) continue;
      if (!raises(previous, step)) continue;
      const passed = entriesOf(read, change, 'change.measured', 'change.promoted').some(
        (entry) =>
          timeOf(entry) >= previous.write.atMs &&
          timeOf(entry) <= write.atMs &&
          (entry.action === 'change.promoted' || tellsOf(entry, serving.cluster)),
      );
      if (!passed) found.push({ invariant: 'I4', what: `${told(write)} advances without a stored PASS.` });
    }
  }
  return found;
}

/** A PASS of that region; regions are called as their clusters here. */
const tellsOf = ({ details }: Entry, region: string): boolean =>
  details['verdict'] === 'PASS' && (details['region'] === undefined || details['region'] === region);

const goesBack = (read: Read, change: number, atMs: number): boolean =>
  entriesOf(read, change, 'change.undo_started').some((entry) => timeOf(entry) <= atMs);

/** What gained with the write before gains again. */
const raises = (previous: Step, step: Step): boolean =>
  Object.keys(step.after).some(
    (name) =>
      (previous.after[name] ?? 0) > (previous.before[name] ?? 0) &&
      (step.after[name] ?? 0) > (step.before[name] ?? 0),
  );
