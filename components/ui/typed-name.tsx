import { TextField } from './field';

type TypedNameProps = { name: string; value: string; onChange: (value: string) => void };

/**
 * Before what is hard to undo: the name of what it is done to, typed. The mistake that it prevents is the wrong target,
 * so it is the name and no fixed word; pasting is allowed, and there is nothing to copy it with one click.
 */
export const TypedName = ({ name, value, onChange }: TypedNameProps) => (
  <TextField
    label="Name of the service"
    hint={
      <>
        Type <span className="mono text-text">{name}</span>: that is what this is done to
      </>
    }
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className="mono"
    autoComplete="off"
    autoCapitalize="none"
    spellCheck={false}
  />
);
