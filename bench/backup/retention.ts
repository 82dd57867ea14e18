import { selectCopies } from '@/lib/backup/retention/select-copies';

const hourMs = 3_600_000;
/** Ten years with their leap days. */
const hours = 87_672;
const tries = 5;
const policy = { daily: 7, weekly: 4, monthly: 12, timeZone: 'Europe/Berlin' };

/** Milliseconds of the slowest of five plans over ten years of hourly copies, the first, cold one among them. */
export function retentionMs(): number {
  const from = Date.UTC(2016, 10, 22);
  const copies = Array.from({ length: hours }, (_, hour) => ({
    id: `copy ${hour}`,
    snapshotMs: from + hour * hourMs,
    level: 4,
    isSpoilt: false,
    wasVerified: true,
    isMissing: false,
    serverMajor: 15,
    pins: [],
  }));
  const took = Array.from({ length: tries }, () => {
    const began = performance.now();
    const staying = selectCopies(copies, policy).filter(({ stays }) => stays).length;
    const ms = performance.now() - began;
    if (staying !== 23) throw new Error(`${staying} copies stay of ten years, and 23 should.`);
    return ms;
  });
  return Math.max(...took);
}
