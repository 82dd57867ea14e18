import fs from 'node:fs';

/** `fields` of /proc/PID/stat behind the name, which may hold spaces and brackets. */
const parentIn = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);

/** The parent of every process of this machine. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      found.set(Number(name), parentIn(fs.readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** A process with everything below it. `parentOf` maps a process to its parent. */
export function treeOf(root: number, parentOf: ReadonlyMap<number, number> = parents()): number[] {
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parentOf) if (parent === pid && !tree.includes(child)) tree.push(child);
  }
  return tree;
}

/** The proportional set size in megabytes (10^6 bytes) that smaps_rollup tells. */
export function pssOf(rollup: string): number {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (kib === undefined) throw new Error('smaps_rollup has no line Pss.');
  return (Number(kib) * 1024) / 1e6;
}

/** The PSS of these processes together, in megabytes; one that ended meanwhile counts nothing. */
export function pssOfAll(pids: readonly number[]): number {
  let sum = 0;
  for (const pid of pids) {
    try {
      sum += pssOf(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')))
        throw error;
    }
  }
  return sum;
}

/** Clock ticks of `times` in /proc/PID/stat: Linux tells them to programs in hundredths of a second. */
const ticksPerSecond = 100;

/** CPU seconds that /proc/PID/stat tells: of the process, and of its children that ended and were waited for. */
export function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond;
}

/** CPU seconds of a process and all below it so far: what it cost, however busy the machine is with others. */
export function cpuOfTree(root: number): number {
  let sum = 0;
  for (const pid of treeOf(root)) {
    try {
      sum += cpuOf(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      // It ended meanwhile.
    }
  }
  return sum;
}
