/** How a state of a panel is brought about: by a fault, by another panel's test, or by a component test. */
export type Shown =
  /** Open the address (after the fault), with this environment chosen if named; these words appear. */
  | { open: string; see: string | RegExp; environment?: string }
  /** Open `from`, hold a table or all answers back, click the link; a status of this name appears until then. */
  | { from: string; link: string | RegExp; hold: Hold; loading: string }
  /** Open the address while the database is there; after it went the words appear, and these stay. */
  | { kept: string; see: RegExp; stays: string | RegExp }
  /** Open `from` while the database is there; after it went the link leads to a refusal in words. */
  | { before: string; follow: string | RegExp; see: RegExp };
/** A table that the database keeps locked, or the answers on their way to the browser. */
export type Hold = 'session' | 'change' | 'answers';
export type With = { with: string };
export type Elsewhere = { why: string; file: string; test: string };
export type Way = Shown | With | Elsewhere;
export type Panel = { panel: string; loading: Way; empty: Way; stale: Way; error: Way };
