import { program } from '../setup/program';
import { quickRunners } from '../test/runners';
import { runSuite } from '../test/suite';

/** The checks that need no database, no build and no browser. */
await program(() => runSuite(quickRunners, { raiseFloor: false }));
