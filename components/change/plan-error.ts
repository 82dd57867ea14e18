import { RequestPlan } from '@/lib/change/contract';

const VALUE_MAX = 4096;

/** What is wrong with what was typed, in words; nothing yet is not an error. */
export function errorOf(input: RequestPlan): string | null {
  const words = wordsOf(input);
  if (words === null) return null;
  const parsed = RequestPlan.safeParse(input);
  if (parsed.success) return null;
  // What another field holds is told there.
  const issue = parsed.error.issues.find(({ path: [field] }) => field === words.field);
  // Those of the contract itself say what must be; zod's own speak of types, or say nothing.
  return issue === undefined ? null : issue.message.startsWith('must ') ? issue.message : words.rule;
}

/** The field that is typed, and its rule where the contract has no words of its own; null: nothing was typed. */
function wordsOf(input: RequestPlan): { field: string; rule: string } | null {
  switch (input.kind) {
    case 'deploy':
      return input.version === '' ? null : { field: 'version', rule: 'must be an image tag such as 3.2.0' };
    case 'shift':
      return { field: 'weight', rule: 'must be a whole number from 1 to 100' };
    case 'scale': {
      const least = input.colour === undefined ? 1 : 0;
      const rule = `must be a whole number from ${least} to 1000`;
      return input.replicas === 0 ? null : { field: 'replicas', rule };
    }
    case 'set-env':
      return input.name === '' ? null : { field: 'name', rule: 'must have 253 characters at most' };
    default:
      return null;
  }
}

/** A value that is too long is told beside it, not beside its name. */
export const valueError = (value: string): string | null =>
  value.length > VALUE_MAX
    ? `must have ${VALUE_MAX.toLocaleString('en-GB')} characters at most; it has ${value.length.toLocaleString('en-GB')}`
    : null;
