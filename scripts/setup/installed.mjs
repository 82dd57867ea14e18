/**
 * Whether what npm installed (its record in node_modules/.package-lock.json) is what the lock file asks for.
 * Optional packages of other platforms are in the lock only, and may be missing.
 *
 * @param {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} lock
 * @param {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} installed
 * @returns {boolean}
 */
export function installedMatchesLock(lock, installed) {
  const wanted = lock.packages ?? {};
  const found = installed.packages ?? {};
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const other = found[name];
    if (!other) {
      if (entry.optional || entry.devOptional) continue;
      return false;
    }
    if (other.version !== entry.version || other.integrity !== entry.integrity) return false;
  }
  return Object.keys(found).every((name) => name in wanted);
}
