// Outlives the process that started it just long enough to stop what that one left behind. It reads lines
// `+ <pid> <signal>` and `- <pid>` from its standard input; when the input ends (the starter is gone, even by
// SIGKILL) it signals what is still listed, and after ten seconds kills it. A negative pid is a process group.
import readline from 'node:readline';

const GRACE_MS = 10_000;
const listed = new Map();

const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [verb, pid, signal] = line.split(' ');
  if (verb === '+') listed.set(Number(pid), signal);
  if (verb === '-') listed.delete(Number(pid));
});
lines.on('close', () => {
  const left = [...listed].filter(([pid, signal]) => send(pid, signal));
  if (left.length === 0) return;
  setTimeout(() => {
    for (const [pid] of left) send(pid, 'SIGKILL');
  }, GRACE_MS);
  const poll = setInterval(() => {
    if (left.every(([pid]) => !send(pid, 0))) process.exit(0);
  }, 100);
  poll.unref();
});
