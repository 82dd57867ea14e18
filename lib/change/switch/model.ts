import type { SwitchVerb } from './contract';

/** A switch that is pulled, as the engine sees it. */
export type Kill = {
  id: string;
  verb: SwitchVerb;
  sentence: string;
  by: { id: string; name: string; email: string };
};
