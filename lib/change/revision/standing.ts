import { changeId } from '@/lib/core/ids';

/** What the record says of a revision of a workload. Only `good` is known to be good. */
export const revisionGrades = ['good', 'ran', 'worse', 'went-back', 'failed', 'left'] as const;
export type RevisionGrade = (typeof revisionGrades)[number];

/**
 * One thing that a change says of a release (`releaseOf`): that it was brought and its watch ended well; that it was kept
 * or served with passing requests; that it ran; or that it was no good.
 */
export type RevisionFact = {
  change: number;
  at: Date;
  release: string;
  version: string;
  what: 'brought' | 'kept' | 'served' | 'ran' | 'worse' | 'went-back' | 'failed' | 'left';
};

export type Standing = {
  grade: RevisionGrade;
  /** The change that says so, and since when. */
  change: number;
  since: Date;
  version: string;
  why: string;
  /** Place of the newest fact that it is good among all facts; higher is newer. */
  order: number;
};

const whyOf = ({ what, change }: RevisionFact): string => {
  const id = changeId(change);
  switch (what) {
    case 'brought':
      return `${id} brought it and its watch ended well`;
    case 'kept':
      return `it ran through ${id}, whose watch ended well`;
    case 'served':
      return `its requests passed before ${id}`;
    case 'ran':
      return `it ran with all pods ready before ${id}; its requests were not judged`;
    case 'worse':
      return `after ${id} it was found worse than before`;
    case 'went-back':
      return `${id} brought it and went back`;
    case 'failed':
      return `${id} brought it and failed`;
    case 'left':
      return `${id} rolled it back`;
  }
};

const gradeOf = {
  brought: 'good',
  kept: 'good',
  served: 'good',
  ran: 'ran',
  worse: 'worse',
  'went-back': 'went-back',
  failed: 'failed',
  left: 'left',
} as const satisfies Record<RevisionFact['what'], RevisionGrade>;

const isBad = (grade: RevisionGrade): boolean => grade !== 'good' && grade !== 'ran';

/**
 * What is known of a release after one more fact. What was no good stays so until a change brings it anew and its watch
 * ends well: that it once more runs, or that it is scaled, says nothing of what was wrong.
 */
function after(before: Standing | undefined, fact: RevisionFact, order: number): Standing {
  const { change, version, at } = fact;
  const grade = gradeOf[fact.what];
  const fresh = { grade, change, since: at, version, why: whyOf(fact), order };
  if (before === undefined || isBad(grade)) return fresh;
  if (grade === 'ran') return before;
  if (before.grade === 'good') return { ...before, order };
  return before.grade === 'ran' || fact.what === 'brought' ? fresh : before;
}

/** What is known of each release. `facts`: oldest first. */
export function standingsOf(facts: readonly RevisionFact[]): Map<string, Standing> {
  const known = new Map<string, Standing>();
  for (const [order, fact] of facts.entries()) {
    known.set(fact.release, after(known.get(fact.release), fact, order));
  }
  return known;
}
