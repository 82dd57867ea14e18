'use client';

import { useQuery } from '@tanstack/react-query';
import { levelText } from '@/components/backup/words';
import { CheckField, SelectField } from '@/components/ui/field';
import { formatTime, useNow, useZone } from '@/components/ui/time-ago';
import { backupsQuery } from '@/lib/backup/client';
import type { CopyView } from '@/lib/backup/contract';
import { restoreRefusal } from '@/lib/backup/restorable';
import type { RequestPlan } from '@/lib/change/contract';
import { formatDuration } from '@/lib/core/duration';
import { toProblem } from '@/lib/http/client';
import type { Of } from './colour-fields';

type RestoreFieldsProps = { value: Of<'restore'>; onChange: (value: RequestPlan) => void };

const momentOf = ({ snapshotAt, startedAt }: CopyView): string => snapshotAt ?? startedAt;

/** To which moment: the copies of the database, newest first; those that may not be restored say why. */
export function RestoreFields({ value, onChange }: RestoreFieldsProps) {
  const { data, error } = useQuery(backupsQuery(value.environment));
  const database = data?.databases.find(({ id }) => id === value.database);
  const { safetyCopy, ...rest } = value;
  return (
    <>
      {value.database === '' ? null : (
        <PointField
          value={value}
          onChange={onChange}
          copies={database?.copies ?? null}
          problem={error === null || data !== undefined ? null : toProblem(error).detail}
        />
      )}
      <CheckField
        label="Safety copy first"
        hint={
          safetyCopy === false
            ? 'Without one, what was written since the copy is in the old database alone, which is kept for a time. Leave it out only where the database cannot be dumped any more.'
            : 'One more copy of what is there now, made while the service still runs.'
        }
        checked={safetyCopy !== false}
        onChange={({ target }) => onChange(target.checked ? rest : { ...rest, safetyCopy: false })}
      />
    </>
  );
}

type PointProps = RestoreFieldsProps & { copies: readonly CopyView[] | null; problem: string | null };

function PointField({ value, onChange, copies, problem }: PointProps) {
  const now = useNow();
  const zone = useZone();
  const known = (copies ?? []).map((copy) => ({ copy, refusal: restoreRefusal(copy, now) }));
  const chosen = known.find(({ copy }) => copy.id === value.copy);
  const may = known.filter(({ refusal }) => refusal === null).length;
  const isUnknown = value.copy !== '' && copies !== null && chosen === undefined;
  const textOf = (copy: CopyView): string => {
    const at = momentOf(copy);
    // In whole minutes: a list that is open must not change under the pointer each second.
    const minutes = Math.max(1, Math.floor((now - Date.parse(at)) / 60_000));
    const age = now === 0 ? '' : `, ${formatDuration(minutes * 60)} old`;
    return `${formatTime(new Date(at), zone, 'full')}${age}, ${levelText(copy.level)}`;
  };
  return (
    <SelectField
      label="To the state of"
      value={chosen === undefined ? '' : value.copy}
      onChange={({ target }) => onChange({ ...value, copy: target.value })}
      error={
        problem ??
        (isUnknown
          ? 'The address names a copy that this database does not have. Choose one of the list.'
          : (chosen?.refusal ?? null))
      }
      hint={copies === null ? 'The copies are being read' : hintOf(known.length, may)}
    >
      <option value="" disabled>
        Choose a copy
      </option>
      {known.map(({ copy, refusal }) => (
        <option key={copy.id} value={copy.id} disabled={refusal !== null}>
          {textOf(copy)}
          {refusal === null ? '' : ` – ${refusal}`}
        </option>
      ))}
    </SelectField>
  );
}

function hintOf(all: number, may: number): string {
  if (all === 0) return 'There is no copy of this database yet';
  return may === 0
    ? 'None of them may be restored; each says why'
    : `${may} of ${all} may be restored: kept, and restored on the scratch server in the last 7 days`;
}
