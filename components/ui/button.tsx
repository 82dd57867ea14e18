import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names';

const look = cva(
  'inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium transition-opacity max-sm:h-11 max-sm:px-4 max-sm:text-body',
  {
    variants: {
      kind: {
        plain: 'border-control bg-surface hover:bg-raised',
        primary: 'border-accent bg-accent text-on-fill hover:opacity-90',
        danger: 'border-crit bg-crit text-on-fill hover:opacity-90',
        quiet: 'border-transparent bg-transparent text-text-2 hover:bg-raised hover:text-text',
      },
      size: { normal: 'h-8 px-3', small: 'h-6 px-2 text-meta' },
      off: {
        true: 'border-line-strong border-dashed bg-transparent text-text-3 hover:bg-transparent hover:opacity-100',
        false: '',
      },
    },
    defaultVariants: { kind: 'plain', size: 'normal', off: false },
  },
);
type Look = Omit<VariantProps<typeof look>, 'off'>;

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> &
  Look & {
    /** Why it cannot be pressed now. The button stays focusable and says so; nothing is hidden. */
    refusal?: string | null | undefined;
    busy?: boolean;
  };

/** A button that, when it cannot act, keeps its place and tells why (aria-disabled, described by the reason). */
export function Button({
  kind,
  size,
  refusal,
  busy = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const off = Boolean(refusal);
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={off || busy ? true : undefined}
      aria-busy={busy || undefined}
      title={refusal ?? rest.title}
      aria-description={refusal ?? rest['aria-description']}
      onClick={off || busy ? (event) => event.preventDefault() : onClick}
      className={cx(look({ kind, size, off }), off && 'cursor-not-allowed', className)}
    >
      {children}
    </button>
  );
}

/** A link that looks like a button: opening a plan is navigation, not an act. */
export function ButtonLink({
  kind,
  size,
  href,
  className,
  children,
  'aria-label': label,
}: Look & { href: string; className?: string; children: ReactNode; 'aria-label'?: string }) {
  return (
    <Link href={href} aria-label={label} className={cx(look({ kind, size }), className)}>
      {children}
    </Link>
  );
}

/** A square button with only a picture: `label` is its name. */
export function IconButton({
  label,
  className,
  children,
  ...rest
}: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={cx(
        'inline-grid size-7.5 flex-none place-items-center rounded-control text-text-2 hover:bg-raised hover:text-text max-sm:size-11 [&_svg]:size-4',
        className,
      )}
    >
      {children}
    </button>
  );
}
