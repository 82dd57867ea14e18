/** The mark: a semaphore arm at clear. */
export const Mark = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
    <path d="M6 18V2.5M3.5 18h5" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    <path d="m6 3.2 11 4.4-1.3 3.3L6 7z" fill="var(--accent)" />
    <circle cx="6" cy="13" r="1.9" fill="currentColor" />
  </svg>
);
