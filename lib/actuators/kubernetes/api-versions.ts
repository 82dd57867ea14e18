import 'server-only';
import { z } from 'zod';
import type { ClusterClient } from './client';

/** What a cluster says of itself: its release, and the version that it prefers of each group of kinds asked about. */
export type ApiVersions = {
  /** "1.36": fixes of a release change no API. */
  server: string;
  /** A group that is not served is left out. */
  groups: { name: string; version: string }[];
};

/** Some clouds write a minor version as "29+". */
const digits = (text: string): string => text.replaceAll(/\D/g, '');

const VersionInfo = z
  .looseObject({ major: z.string(), minor: z.string() })
  .transform(({ major, minor }) => `${digits(major)}.${digits(minor)}`);

const GroupList = z.looseObject({
  groups: z.array(
    z.looseObject({ name: z.string(), preferredVersion: z.looseObject({ version: z.string() }).nullish() }),
  ),
});

/** Two reads that every signed-in account may make (system:discovery). Throws ClusterError. */
export async function readApiVersions(
  client: ClusterClient,
  groups: readonly string[],
): Promise<ApiVersions> {
  const [server, served] = await Promise.all([
    client.get(VersionInfo, '/version'),
    client.get(GroupList, '/apis'),
  ]);
  return {
    server,
    groups: groups.flatMap((name) => {
      const version = served.groups.find((group) => group.name === name)?.preferredVersion?.version;
      return version === undefined ? [] : [{ name, version }];
    }),
  };
}
