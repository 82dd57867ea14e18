'use client';

import { createContext, type ReactNode, useContext } from 'react';

const Environment = createContext<string | null>(null);

export const EnvironmentProvider = ({
  environment,
  children,
}: {
  environment: string;
  children: ReactNode;
}) => <Environment value={environment}>{children}</Environment>;

/** The environment this page shows. Throws when the page stands outside the console's shell. */
export function useEnvironment(): string {
  const environment = useContext(Environment);
  if (environment === null)
    throw new Error('useEnvironment is used outside the shell: put the page under app/(console).');
  return environment;
}
