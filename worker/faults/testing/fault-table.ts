import type { Fault } from './fault-tests';
import { faultsAround } from './faults-around';
import { faultsOfActing } from './faults-of-acting';

/** The 32 faults of change-engine.md 5.2, each with the tests that show it, or why there is none. */
export const faults: readonly Fault[] = [...faultsOfActing, ...faultsAround];
