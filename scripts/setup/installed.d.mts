type Packages = {
  packages?: Record<
    string,
    { version?: string; integrity?: string; optional?: boolean; devOptional?: boolean }
  >;
};

/** Whether what npm installed is what the lock file asks for. */
export function installedMatchesLock(lock: Packages, installed: Packages): boolean;
