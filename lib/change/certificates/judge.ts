import { formatDuration } from '@/lib/core/duration';
import { type Finding, fail, pass, warn } from '../staged/plan/check';

const DAY = 86_400;

/** A certificate as a source knows it. Times are seconds since 1970 by the clock of that source. */
export type Certificate = {
  /** A host, or the name of the certificate. */
  name: string;
  subject: string | null;
  /** Null: not a time that could be meant. */
  endsAt: number | null;
  /** When the sample was taken; null where the source does not say. */
  takenAt: number | null;
  /** The moment of the answer. */
  at: number;
  /** Where it was found by its namespace alone, which other services may share. */
  sharedIn: string | null;
};

/** Seconds that must be left. */
export type Limits = { warn: number; block: number };

type Judged = { certificate: Certificate; finding: Finding };

const SHOWN = 5;

/** All certificates of one region together: the worst counts, and the one that ends first is told. */
export function judgeCertificates(found: readonly Certificate[], limits: Limits): Finding | null {
  const judged = found
    .map((certificate): Judged => ({ certificate, finding: judgeCertificate(certificate, limits) }))
    .sort((a, b) => (a.certificate.endsAt ?? 0) - (b.certificate.endsAt ?? 0));
  const [first] = judged;
  if (first === undefined) return null;
  const blocking = judged.filter(({ finding }) => finding.result === 'fail');
  const warning = judged.filter(({ finding }) => finding.result === 'warn');
  const told = [...blocking, ...warning];
  if (told.length === 0) return pass(first.finding.detail + othersWords(judged.length - 1, ' last longer'));
  const details = told.slice(0, SHOWN).map(({ finding }) => finding.detail);
  const detail = details.join(' ') + othersWords(told.length - details.length, ' end soon too');
  return { result: blocking.length > 0 ? 'fail' : 'warn', detail };
}

const othersWords = (count: number, what: string): string =>
  count <= 0 ? '' : ` ${count} ${count === 1 ? 'other' : 'others'}${what}.`;

/** More than `warn` left passes, more than `block` warns (SEC-05: "expires > 30 days"). */
export function judgeCertificate(certificate: Certificate, { warn: soon, block }: Limits): Finding {
  const { endsAt, at, sharedIn } = certificate;
  const who = nameOf(certificate);
  const seen = seenWords(certificate);
  if (endsAt === null) {
    return warn(
      `When ${who.replace('The', 'the')} ends is not known: its series gives no time, as before the first issue.${seen}`,
    );
  }
  const left = endsAt - at;
  const date = dateOf(endsAt);
  if (left > soon) return pass(`${who} ends on ${date}, ${daysWords(left)} from now.${seen}`);
  if (left > block) {
    return warn(
      `${who} ends on ${date}, ${daysWords(left)} from now; more than ${formatDuration(soon)} are wanted. Renew it.${seen}`,
    );
  }
  const ends =
    left > 0
      ? `${who} ends on ${date}, ${daysWords(left)} from now, and nothing new goes out with no more than ${formatDuration(block)} left.`
      : `${who} ended on ${date}, ${daysWords(-left)} ago: clients refuse the connection.`;
  if (sharedIn === null) return fail(`${ends} Renew it, then ask for a new plan.${seen}`);
  return warn(
    `${ends} Renew it. It is known by the namespace ${sharedIn} alone and may be another service's, so it does not block this plan.${seen}`,
  );
}

const nameOf = ({ name, subject }: Certificate): string =>
  `The certificate of ${name}${subject === null ? '' : ` (${subject})`}`;

const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

function daysWords(seconds: number): string {
  const days = Math.floor(seconds / DAY);
  return days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
}

const seenWords = ({ takenAt, at }: Certificate): string =>
  takenAt === null ? '' : ` The sample is ${formatDuration(Math.max(0, at - takenAt))} old.`;
