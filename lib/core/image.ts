/** The parts of an image reference, as registries and container runtimes read it. */
export type Image = {
  /** Host and port of the registry; `docker.io` when the reference names none. */
  host: string;
  /** Path in that registry: `library/nginx` for `nginx`. */
  repository: string;
  /** Null when there is none; a runtime then takes the digest, or `latest`. */
  tag: string | null;
  /** `sha256:…`; null when the reference is not pinned. */
  digest: string | null;
};

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The only algorithm that registries must have (OCI image specification, descriptors). */
export const isDigest = (text: string): boolean => DIGEST.test(text);

export function parseImage(reference: string): Image {
  const [named = '', pinned = null] = reference.split('@', 2);
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const tag = colon < 0 ? null : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost ? rest.join('/') : name;
  return {
    host: hasHost ? first : 'docker.io',
    repository: hasHost || path.includes('/') ? path : `library/${path}`,
    tag,
    digest: pinned !== null && isDigest(pinned) ? pinned : null,
  };
}

/** The reference with its tag, bound to one content: what is pulled is what was looked at. */
export const pinImage = (image: string, digest: string): string => `${image.split('@')[0]}@${digest}`;

/** An image and, where the reference does not name it, the digest that is known from elsewhere. */
export type KnownImage = { image: string; digest?: string | undefined };

/** What is known of the content: the digest of the reference, else the one that was read. */
export const digestOf = ({ image, digest }: KnownImage): string | null =>
  parseImage(image).digest ?? digest ?? null;

/**
 * Whether two references mean one image: the same repository and tag, and the same digest where both are known. A
 * tag alone is taken at its word, since before digests were recorded nothing else was known.
 */
export function isSameImage(left: KnownImage, right: KnownImage): boolean {
  const [a, b] = [parseImage(left.image), parseImage(right.image)];
  if (a.host !== b.host || a.repository !== b.repository || a.tag !== b.tag) return false;
  const [known, other] = [digestOf(left), digestOf(right)];
  return known === null || other === null || known === other;
}

/** The short form for people: enough to tell two apart. */
export const shortDigest = (digest: string): string => digest.slice(0, 19);

const COMMIT = /^[0-9a-f]{7,40}$/;

/**
 * A tag that is moved by design, so that it names no release: `latest`, the name of a branch or a channel. A
 * release has a digit in it, or is the id of a commit.
 */
export const isMovingTag = (tag: string): boolean => !/\d/.test(tag) && !COMMIT.test(tag);
