import { z } from 'zod';
import { rulesFor } from '../access/rbac';
import { badRequest } from '../api-error';
import type { JsonObject } from '../store';
import { decodeObject } from './body';
import type { ApiContext } from './context';
import { json, type Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';

const attributesSchema = z.object({
  namespace: z.string().optional(),
  verb: z.string().default(''),
  group: z.string().default(''),
  resource: z.string().default(''),
  subresource: z.string().optional(),
  name: z.string().optional(),
});

const accessReviewSchema = z.object({
  spec: z.object({
    resourceAttributes: attributesSchema.optional(),
    nonResourceAttributes: z.object({ path: z.string(), verb: z.string() }).optional(),
  }),
});

const rulesReviewSchema = z.object({ spec: z.object({ namespace: z.string().default('') }) });

/** The reviews that a client makes about itself: 201, nothing is stored. Null when the URL is something else. */
export function review(ctx: ApiContext, request: ApiRequest, target: ResourceRequest): Reply | null {
  if (request.method !== 'POST' || target.version !== 'v1') return null;
  if (target.group === 'authentication.k8s.io' && target.plural === 'selfsubjectreviews')
    return whoAmI(ctx, request);
  if (target.group !== 'authorization.k8s.io') return null;
  if (target.plural === 'selfsubjectaccessreviews') return accessReview(ctx, request);
  if (target.plural === 'selfsubjectrulesreviews') return rulesReview(ctx, request);
  return null;
}

function accessReview(ctx: ApiContext, request: ApiRequest): Reply {
  const body = decodeObject(request, 'SelfSubjectAccessReview');
  const { spec } = read(accessReviewSchema, body);
  const wanted = spec.resourceAttributes;
  const decision = wanted
    ? ctx.authorize(request.identity, {
        verb: wanted.verb,
        group: wanted.group,
        resource: wanted.resource,
        subresource: blankIsNull(wanted.subresource),
        namespace: blankIsNull(wanted.namespace),
        name: blankIsNull(wanted.name),
      })
    : { allowed: request.identity.groups.includes('system:masters'), reason: '' };
  const status: JsonObject = {
    allowed: decision.allowed,
    ...(decision.reason === '' ? {} : { reason: decision.reason }),
  };
  return json(
    reviewBody('SelfSubjectAccessReview', 'authorization.k8s.io/v1', body['spec'] ?? {}, status),
    201,
  );
}

function rulesReview(ctx: ApiContext, request: ApiRequest): Reply {
  const body = decodeObject(request, 'SelfSubjectRulesReview');
  const { namespace } = read(rulesReviewSchema, body).spec;
  const resourceRules = rulesFor(ctx.store, request.identity, namespace).map((rule) => {
    const { verbs, apiGroups, resources, resourceNames } = rule;
    return { verbs, apiGroups, resources, ...(resourceNames.length > 0 ? { resourceNames } : {}) };
  });
  const paths = [
    '/api',
    '/api/*',
    '/apis',
    '/apis/*',
    '/healthz',
    '/livez',
    '/openapi',
    '/openapi/*',
    '/readyz',
    '/version',
    '/version/',
  ];
  const status = {
    resourceRules,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: paths }],
    incomplete: false,
  };
  return json(reviewBody('SelfSubjectRulesReview', 'authorization.k8s.io/v1', {}, status), 201);
}

function whoAmI(ctx: ApiContext, request: ApiRequest): Reply {
  const { user, groups, extra } = request.identity;
  const userInfo: JsonObject = {
    username: user,
    groups,
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
  const metadata = { creationTimestamp: ctx.store.timestamp() };
  return json(
    { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata, status: { userInfo } },
    201,
  );
}

/** A review whose fields have other types is the client's error: 400 with the first thing that is wrong. */
function read<T>(schema: z.ZodType<T>, body: JsonObject): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badRequest(`the review cannot be read: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function reviewBody(
  kind: string,
  apiVersion: string,
  spec: JsonObject[string],
  status: JsonObject,
): JsonObject {
  return { kind, apiVersion, metadata: {}, spec, status };
}

function blankIsNull(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
