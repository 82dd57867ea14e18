import { SelectField, TextField } from '@/components/ui/field';
import type { RequestPlan } from '@/lib/change/contract';
import type { TrafficKind } from '@/lib/change/strategies';
import { colours } from '@/lib/config/colours';
import { colourNames, type Of } from './colour-fields';

/** An emptied field is no 0: that would stop the pods of the colour. The contract refuses it. */
const NOTHING = -1;

type ScaleFieldsProps = {
  value: Of<'scale'>;
  /** Null: no pair of colours, so there is one Deployment. */
  traffic: TrafficKind | null;
  onChange: (value: RequestPlan) => void;
  error: string | null;
};

/** How many pods, and with a pair of which colour; only an idle one goes to 0. */
export function ScaleFields({ value, traffic, onChange, error }: ScaleFieldsProps) {
  const { colour, ...live } = value;
  const least = colour === undefined ? 1 : 0;
  const choose = (text: string) => {
    const chosen = colours.find((one) => one === text);
    const replicas = value.replicas > 0 ? value.replicas : NOTHING;
    onChange(chosen === undefined ? { ...live, replicas } : { ...live, replicas, colour: chosen });
  };
  return (
    <>
      {traffic === null && colour === undefined ? null : (
        <SelectField
          label="Colour"
          value={colour ?? ''}
          onChange={({ target }) => choose(target.value)}
          hint="Only an idle colour can go to 0 pods"
        >
          <option value="">The one that takes the requests</option>
          {colours.map((one) => (
            <option key={one} value={one}>
              {colourNames[one]}
            </option>
          ))}
        </SelectField>
      )}
      <TextField
        label="Pods"
        type="number"
        inputMode="numeric"
        min={least}
        max={1000}
        value={value.replicas < least ? '' : String(value.replicas)}
        onChange={({ target }) => {
          const replicas = target.value.trim() === '' ? NOTHING : Math.trunc(Number(target.value));
          onChange({ ...value, replicas: Number.isNaN(replicas) ? NOTHING : replicas });
        }}
        hint="How many run afterwards"
        error={error}
        autoComplete="off"
      />
    </>
  );
}
