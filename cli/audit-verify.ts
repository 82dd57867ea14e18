import { sequenceAudit } from '@/lib/audit/sequence';
import { verifyAudit } from '@/lib/audit/verify';
import { type Command, readArguments } from './command';
import { withDatabase } from './connect';

export const auditVerify: Command = {
  summary: 'Verify the audit log; exit code 1 when it was tampered with',
  usage: 'signalbox audit verify [--sequence]',
  run: async (args) => {
    const { values } = readArguments(args, auditVerify.usage, { sequence: { type: 'boolean' } }, 0);
    return withDatabase(async (db) => {
      // For a console that is stopped: what was staged last is not in the log yet.
      if (values.sequence === true) await sequenceAudit(db);
      const waiting = await db.auditStaged.count();
      const { state, verifiedTo, size, firstBroken } = await verifyAudit(db);
      if (firstBroken !== null) {
        console.error(`The audit log is broken at entry ${firstBroken.seq}: ${firstBroken.what}`);
        console.error(
          verifiedTo === null
            ? 'No entry can be relied on.'
            : `It verifies up to entry ${verifiedTo} of ${size}.`,
        );
        return 1;
      }
      console.log(
        state === 'empty'
          ? 'The audit log is empty.'
          : `The audit log verifies up to entry ${verifiedTo} (${size} entries).`,
      );
      if (waiting > 0) console.log(`${waiting} more wait to be sequenced by a worker.`);
      return 0;
    });
  },
};
