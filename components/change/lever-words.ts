import type { ReactNode } from 'react';

/** Of a dialog: what is done, what comes of it, and the button. */
export type Words = { title: string; consequence: ReactNode; verb: string };

/** What Abort does now: of the bar, its button and its dialog. */
export type AbortNow = {
  sentence: ReactNode;
  note: string;
  words: Words;
  /** Given where nothing has begun and seconds count: it is done at once, with this as its reason. */
  atOnce?: string;
};
