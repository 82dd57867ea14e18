import 'react';

/** Lets `style` carry CSS variables, which React passes through. */
declare module 'react' {
  interface CSSProperties {
    [variable: `--${string}`]: string | number;
  }
}
