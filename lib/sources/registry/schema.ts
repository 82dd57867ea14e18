import { z } from 'zod';

/** Distribution specification, "Error Codes": what every answer from 400 to 499 may carry. */
export const ErrorAnswer = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().default('') })).min(1),
});

/** Token server: `token`, or `access_token` as OAuth 2 names it. */
export const TokenAnswer = z
  .object({ token: z.string().min(1).optional(), access_token: z.string().min(1).optional() })
  .transform(({ token, access_token }) => token ?? access_token ?? null);

/** Media types of what a tag may stand for: an index over platforms, or the image of one. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;
