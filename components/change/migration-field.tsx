import { CheckField, SelectField } from '@/components/ui/field';
import type { RequestPlan } from '@/lib/change/contract';
import { migrationWords } from '@/lib/change/migration-words';
import { migrationClasses } from '@/lib/change/staged/contract';
import type { Of } from './colour-fields';

type MigrationFieldProps = {
  value: Of<'deploy'>;
  onChange: (value: RequestPlan) => void;
  /** The service says how it is put into maintenance. */
  canMaintain?: boolean;
};

const names = {
  reversible: 'Reversible',
  'forward-only': 'Forward-only',
  destructive: 'Destructive',
} as const;

/** Whether the version migrates the database, and what that means for the way back. */
export function MigrationField({ value, onChange, canMaintain = false }: MigrationFieldProps) {
  const { migration, maintenance, ...rest } = value;
  const kept = maintenance === true ? { maintenance } : {};
  const select = (
    <SelectField
      label="Database migration"
      value={migration ?? ''}
      onChange={({ target }) => {
        const chosen = migrationClasses.find((one) => one === target.value);
        onChange(chosen === undefined ? rest : { ...rest, ...kept, migration: chosen });
      }}
      hint={
        migration === undefined
          ? 'None: the schema stays as it is'
          : `${migrationWords[migration]} ${maintenance === true ? 'It runs while requests are refused.' : 'It runs while the version before serves.'}`
      }
    >
      <option value="">None</option>
      {migrationClasses.map((one) => (
        <option key={one} value={one}>
          {names[one]}
        </option>
      ))}
    </SelectField>
  );
  if (migration === undefined || !canMaintain) return select;
  return (
    <>
      {select}
      <CheckField
        label="Maintenance mode"
        hint="All requests fail from before the migration until the new version gets its first ones. It costs error budget, and the status page says so."
        checked={maintenance ?? false}
        onChange={({ target }) => {
          const asked = { ...rest, migration };
          onChange(target.checked ? { ...asked, maintenance: true } : asked);
        }}
      />
    </>
  );
}
