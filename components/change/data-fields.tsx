import { SelectField } from '@/components/ui/field';
import type { RequestPlan } from '@/lib/change/contract';
import type { Of } from './colour-fields';
import { RestoreFields } from './restore-fields';

export type DatabaseOption = { id: string; name: string };

type DataFieldsProps = {
  value: Of<'backup'> | Of<'end-session'> | Of<'restore'>;
  onChange: (value: RequestPlan) => void;
  databases: readonly DatabaseOption[];
};

/** Which database of the place; the session is chosen where sessions are listed. */
export function DataFields({ value, onChange, databases }: DataFieldsProps) {
  const isKnown = databases.some(({ id }) => id === value.database);
  return (
    <>
      <SelectField
        label="Database"
        value={isKnown ? value.database : ''}
        onChange={({ target }) => onChange(ofDatabase(value, target.value))}
        hint={databases.length === 0 ? 'signalbox.yaml names none of this service here' : null}
      >
        <option value="" disabled>
          Choose a database
        </option>
        {databases.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      {value.kind === 'backup' ? (
        <p className="text-text-2">
          One more copy beside those of the schedule, proven as they are. Nothing that runs is changed.
        </p>
      ) : null}
      {value.kind === 'end-session' ? <SessionText value={value} /> : null}
      {value.kind === 'restore' ? <RestoreFields value={value} onChange={onChange} /> : null}
    </>
  );
}

/** A copy is of one database only. */
const ofDatabase = (value: DataFieldsProps['value'], database: string): RequestPlan =>
  value.kind === 'restore' ? { ...value, database, copy: '' } : { ...value, database };

const SessionText = ({ value: { pid, startedAt } }: { value: Of<'end-session'> }) =>
  pid === 0 ? (
    <p className="text-text-2">Choose the session on the tab Database of the service.</p>
  ) : (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
      <dt className="text-text-3">Process</dt>
      <dd className="mono">{pid}</dd>
      <dt className="text-text-3">Begun</dt>
      <dd className="mono break-words">{startedAt}</dd>
    </dl>
  );
