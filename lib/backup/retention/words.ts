import type { KeptBy, LeavesFor, PassedOver, RetentionPolicy } from './model';

const ruleWord = { daily: 'Daily', weekly: 'Weekly', monthly: 'Monthly' } as const;

/** Why a copy stays, in a few words. */
export function keptText(by: KeptBy): string {
  switch (by.rule) {
    case 'daily':
    case 'weekly':
    case 'monthly':
      return `${by.rule} ${by.bucket}`;
    case 'oldest':
      return `oldest, while monthly has ${by.monthly} of ${by.wanted}`;
    case 'pin':
      return `pinned: ${by.reason}`;
    case 'last-verified':
      return 'one of the two newest verified';
    case 'major':
      return `newest of PostgreSQL ${by.major}`;
    case 'unclear':
      return 'verified before, and could not be looked at lately: stays until it is known';
    case 'evidence':
      return by.isSpoilt
        ? 'spoilt: evidence until enough newer days have a verified copy'
        : 'not verified yet: stays until enough newer days have a verified copy';
    case 'missing':
      return 'its file is not in the folder: there is nothing to delete';
  }
}

const passedOverText = ({ rule, bucket, because }: PassedOver): string =>
  because === 'newer'
    ? `${ruleWord[rule]}: ${bucket} keeps a newer copy.`
    : `${ruleWord[rule]}: newer ones fill its places.`;

/** Why a copy leaves, in sentences: what each rule keeps instead. */
export function leavesText(leaves: LeavesFor): string {
  if (leaves.because === 'no-rule') return `No rule needs it. ${leaves.rules.map(passedOverText).join(' ')}`;
  const what = leaves.isSpoilt ? 'It is spoilt' : 'It was never verified to level 2';
  return `${what}, and ${leaves.daily === 1 ? 'a newer day has' : `${leaves.daily} newer days have`} a verified copy.`;
}

/** `7 daily, 4 weekly, 12 monthly, counted apart (Europe/Berlin)` */
export const policyText = ({ daily, weekly, monthly, timeZone }: RetentionPolicy): string =>
  `${daily} daily, ${weekly} weekly, ${monthly} monthly, counted apart (${timeZone})`;
