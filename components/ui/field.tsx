'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './class-names';

const control =
  'w-full rounded-control border border-control bg-surface px-2.5 text-body max-sm:text-[16px] placeholder:text-text-3 aria-invalid:border-crit';

type FieldProps = { label: string; hint?: ReactNode; error?: string | null | undefined; end?: ReactNode };
/** What ties a control to its label and its note. */
type Ties = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined };

/** The frame of every field: label above, control, and under it what is wrong, else the hint. */
function FieldFrame({
  label,
  hint,
  error,
  end,
  children,
}: FieldProps & { children: (ties: Ties) => ReactNode }) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="grid gap-1">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {end ? <span className="text-meta text-text-3">{end}</span> : null}
      </div>
      {children({
        id,
        'aria-describedby': note ? noteId : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {note ? (
        <p id={noteId} className={cx('text-meta', error ? 'text-crit' : 'text-text-3')}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

/** The props of a field apart: those of its frame, and those of the control itself. */
function split<Props extends FieldProps>({ label, hint, error, end, ...own }: Props) {
  return [{ label, hint, error, end }, own] as const;
}

export function TextField({ className, ...props }: FieldProps & ComponentProps<'input'>) {
  const [frame, own] = split(props);
  return (
    <FieldFrame {...frame}>
      {(ties) => <input {...own} {...ties} className={cx(control, 'h-9', className)} />}
    </FieldFrame>
  );
}

export function TextArea({ className, ...props }: FieldProps & ComponentProps<'textarea'>) {
  const [frame, own] = split(props);
  return (
    <FieldFrame {...frame}>
      {(ties) => <textarea rows={3} {...own} {...ties} className={cx(control, 'py-2', className)} />}
    </FieldFrame>
  );
}

/** The options are the children. */
export function SelectField({ className, ...props }: FieldProps & ComponentProps<'select'>) {
  const [frame, own] = split(props);
  return (
    <FieldFrame {...frame}>
      {(ties) => <select {...own} {...ties} className={cx(control, 'h-9', className)} />}
    </FieldFrame>
  );
}

export function CheckField({
  label,
  hint,
  ...rest
}: { label: string; hint?: string } & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        {...rest}
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 accent-accent"
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <p id={`${id}-hint`} className="text-meta text-text-3">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}
