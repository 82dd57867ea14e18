import { type Entry, entriesOf, type OurWrite, type Read, timeOf, told, type Violation } from './history';

/** I1: epochs on an object never go down, and nobody writes who is no longer the holder. */
export function checkFences(read: Read): Violation[] {
  const found: Violation[] = [];
  const broken = (what: string) => found.push({ invariant: 'I1', what });
  const newest = new Map<string, number>();
  for (const write of read.writes) {
    if (write.fence === null) {
      if (write.carriedOut) broken(`${told(write)} carries no fence.`);
      continue;
    }
    const { change, epoch } = write.fence;
    const key = `${write.object} c-${change}`;
    const before = newest.get(key) ?? 0;
    if (write.carriedOut && epoch < before)
      broken(`${told(write)} has epoch ${epoch} after epoch ${before}.`);
    if (write.carriedOut) newest.set(key, Math.max(before, epoch));
    if (write.carriedOut || read.history.stoppedInRequest !== true) {
      const later = laterClaim(read, write, change, epoch);
      if (later !== null)
        broken(`${told(write)} was sent under epoch ${epoch} after epoch ${later} had begun.`);
    }
    if (write.carriedOut && !epochsOf(read, change).includes(epoch))
      broken(`${told(write)} carries epoch ${epoch}, which nobody was ever given.`);
  }
  return found;
}

const claims = ({ details }: Entry): number | null =>
  typeof details['epoch'] === 'number' && details['to'] === undefined ? details['epoch'] : null;

const epochsOf = (read: Read, change: number): (number | null)[] =>
  entriesOf(read, change, 'change.claimed').map(claims);

function laterClaim(read: Read, write: OurWrite, change: number, epoch: number): number | null {
  for (const entry of entriesOf(read, change, 'change.claimed')) {
    const claimed = claims(entry);
    if (claimed !== null && claimed > epoch && timeOf(entry) < write.atMs) return claimed;
  }
  return null;
}

/** I2: every write maps to one intent, announced before it, of a plan hash that enough other people signed. */
export function checkIntents(read: Read): Violation[] {
  const found: Violation[] = [];
  const used = new Map<string, OurWrite>();
  for (const write of read.writes.filter(({ carriedOut }) => carriedOut)) {
    const problem = intentProblem(read, write);
    if (problem !== null) found.push({ invariant: 'I2', what: `${told(write)} ${problem}` });
    if (write.intent === null) continue;
    const first = used.get(write.intent);
    if (first !== undefined)
      found.push({ invariant: 'I2', what: `${told(write)} repeats write ${first.sequence} of one intent.` });
    used.set(write.intent, write);
  }
  return found;
}

function intentProblem(read: Read, write: OurWrite): string | null {
  if (write.intent === null) return 'names no intent.';
  const announced = read.entries.filter(
    ({ action, details, result }) =>
      action === 'change.intent' && details['intent'] === write.intent && result === 'ok',
  );
  if (announced.length === 0) return `was never announced (${write.intent}).`;
  const intent = announced.findLast(({ details }) => details['epoch'] === write.fence?.epoch);
  if (intent === undefined) return 'was not announced under its epoch.';
  if (timeOf(intent) > write.atMs) return 'was sent before it was announced.';
  if (intent.change === undefined || (write.fence !== null && write.fence.change !== intent.change))
    return 'carries the fence of another change than its intent.';
  if (!String(intent.details['object']).endsWith(`/${write.namespace}/${write.name}`))
    return `is of another object than announced (${String(intent.details['object'])}).`;
  return approvalProblem(read, intent.change, intent);
}

function approvalProblem(read: Read, change: number, intent: Entry): string | null {
  const [requested] = entriesOf(read, change, 'change.requested');
  if (requested === undefined) return 'belongs to a change that nobody asked for.';
  if (intent.planHash === undefined || intent.planHash !== requested.planHash)
    return 'was announced under another plan hash than the one that was asked for.';
  const started = entriesOf(read, change, 'change.started').findLast(
    (entry) => timeOf(entry) <= timeOf(intent),
  );
  if (started === undefined) return 'came before its change had started.';
  return signatureProblem(read, change, requested, timeOf(started));
}

const signatures = ['change.signed', 'change.sign_off_withdrawn', 'change.sign_off_voided'];

/** As many people as the policy wanted, none of them who asked, had signed that plan when the change started. */
function signatureProblem(read: Read, change: number, requested: Entry, startedMs: number): string | null {
  const live = new Map<string, string>();
  let needed = 1;
  for (const entry of entriesOf(read, change, ...signatures)) {
    const role = String(entry.details['role']);
    if (timeOf(entry) > startedMs) continue;
    if (entry.action !== 'change.signed') live.delete(role);
    else if (entry.planHash === requested.planHash && entry.actor.id !== requested.actor.id) {
      live.set(role, entry.actor.id);
      needed = Number(entry.details['needed'] ?? needed);
    }
  }
  const people = new Set(live.values()).size;
  if (people === 0) return 'is of a plan that nobody else has signed.';
  return people < needed ? `is of a plan that ${people} of ${needed} people have signed.` : null;
}
