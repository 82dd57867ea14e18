'use client';

import { useQuery } from '@tanstack/react-query';
import { SelectField } from '@/components/ui/field';
import { ReadingNote } from '@/components/ui/reading-value';
import { StateText, type Tone } from '@/components/ui/state';
import { formatTime, type TimeZoneChoice, useZone } from '@/components/ui/time-ago';
import { revisionsQuery } from '@/lib/change/client';
import type { KnownGood, RequestPlan, Revision } from '@/lib/change/contract';
import { gradeWords } from '@/lib/change/revision/grade-words';
import { readingValue } from '@/lib/core/reading';
import type { Of } from './colour-fields';

/** In place of a ReplicaSet, whose name has no such sign. */
const LAST_KNOWN_GOOD = '*';

const revisionWords = (
  { revision, version, replicaSet, createdAt, isCurrent, grade }: Revision,
  zone: TimeZoneChoice,
): string =>
  [
    version,
    gradeWords(grade),
    `revision ${revision ?? '?'}`,
    createdAt === null ? null : formatTime(new Date(createdAt), zone, 'short'),
    isCurrent ? 'runs now' : replicaSet,
  ]
    .filter((part) => part !== null)
    .join(' · ');

const toneOf = ({ grade }: Revision): Tone =>
  grade === 'good' ? 'ok' : grade === null || grade === 'ran' ? 'unknown' : 'warn';

type RevisionFieldProps = {
  value: Of<'rollback'>;
  onChange: (value: RequestPlan) => void;
  /** The last known good is on the other colour then, and not among these. */
  hasPair: boolean;
};

/** A revision that the cluster still has: the last known good, unless another one is named. */
export function RevisionField({ value, onChange, hasPair }: RevisionFieldProps) {
  const { service, environment, region } = value;
  const zone = useZone();
  const { data, error } = useQuery(revisionsQuery(service, { environment, region }));
  const revisions = data === undefined ? null : readingValue(data.revisions);
  const good = data?.lastKnownGood ?? null;
  const goodSet = revisions?.find(({ isLastKnownGood }) => isLastKnownGood);
  const chosen =
    value.lastKnownGood === true
      ? goodSet
      : revisions?.find(({ replicaSet }) => replicaSet === value.replicaSet);
  const choose = (replicaSet: string) => {
    const { replicaSet: _, lastKnownGood: __, ...place } = value;
    onChange(replicaSet === LAST_KNOWN_GOOD ? { ...place, lastKnownGood: true } : { ...place, replicaSet });
  };
  return (
    <>
      <SelectField
        label="Back to"
        value={value.lastKnownGood === true ? LAST_KNOWN_GOOD : (chosen?.replicaSet ?? '')}
        onChange={(event) => choose(event.target.value)}
        hint="Revisions that the cluster still has, the newest first, and what the record says of each"
        error={error ? 'The revisions cannot be read now.' : null}
      >
        <option value="" disabled>
          {data === undefined ? 'Reading the revisions…' : 'Choose a revision'}
        </option>
        {hasPair ? null : (
          <option value={LAST_KNOWN_GOOD}>
            {`Last known good: ${goodSet === undefined ? (good === null ? 'not known yet' : 'none to go back to') : `${goodSet.version} · ${goodSet.replicaSet}`}`}
          </option>
        )}
        {(revisions ?? []).map((each) => (
          <option key={each.replicaSet} value={each.replicaSet} disabled={each.isCurrent}>
            {revisionWords(each, zone)}
          </option>
        ))}
      </SelectField>
      <Known chosen={chosen} good={value.lastKnownGood === true ? good : null} />
      {data === undefined ? null : <ReadingNote reading={data.revisions} what="Revisions" />}
    </>
  );
}

/** Why the chosen revision is known to be good, or what else is known of it; and what to do where none is. */
function Known({ chosen, good }: { chosen: Revision | undefined; good: KnownGood | null }) {
  const zone = useZone();
  if (good !== null && good.replicaSet === null) {
    return (
      <p className="text-meta text-warn" role="status">
        {good.sentence} {good.next}
      </p>
    );
  }
  if (chosen === undefined) return null;
  const { grade, why, since } = chosen;
  return (
    <p className="text-meta text-text-2">
      <StateText tone={toneOf(chosen)}>
        <span className="whitespace-normal">{gradeWords(grade)}</span>
      </StateText>
      {why === null ? '' : `: ${why}`}
      {since === null ? '' : `, since ${formatTime(new Date(since), zone, 'short')}`}.
    </p>
  );
}
