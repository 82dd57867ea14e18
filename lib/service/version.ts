/**
 * The version that an image reference names: its tag; the start of the digest where there is only that;
 * `latest` where there is neither, as a container runtime reads it.
 */
export function versionOfImage(image: string): string {
  const [reference = '', digest] = image.split('@');
  const colon = reference.lastIndexOf(':');
  if (colon > reference.lastIndexOf('/')) return reference.slice(colon + 1);
  return digest === undefined ? 'latest' : digest.slice(0, 19);
}

/** The version of a workload: that of its named container, or of its first. */
export function versionOf(
  containers: readonly { name: string; image: string }[],
  container: string | null,
): string {
  const found = containers.find(({ name }) => name === container) ?? containers[0];
  return found === undefined ? 'unknown' : versionOfImage(found.image);
}
