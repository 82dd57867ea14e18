import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Tools whose pg_restore of data waits until `go` is called, or the test is over. */
export function heldRestore(world: { root: string; toolsWith: (name: string, script: string) => string }): {
  tools: { tools: string };
  go: () => void;
} {
  const file = path.join(world.root, `held-${crypto.randomUUID()}`);
  fs.writeFileSync(file, '');
  const wait = `case "$*" in *--section=data*) while [ -e ${file} ]; do sleep 0.05; done;; esac; exec $REAL "$@"`;
  const go = () => fs.rmSync(file, { force: true });
  onTestFinished(go);
  return { tools: { tools: world.toolsWith('pg_restore', wait) }, go };
}
