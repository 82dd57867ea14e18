import type { RevisionGrade } from './standing';

const words: Record<RevisionGrade, string> = {
  good: 'known good',
  ran: 'ran, not judged',
  worse: 'worse than before',
  'went-back': 'went back',
  failed: 'failed',
  left: 'rolled back',
};

/** What the record says of a revision, in few words. */
export const gradeWords = (grade: RevisionGrade | null): string =>
  grade === null ? 'never judged by this console' : words[grade];
