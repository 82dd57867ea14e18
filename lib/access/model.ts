/** APR-01's six, the SRE who asks, the stakeholder who reads, and the administrator of accounts. */
export const roles = [
  'sre',
  'cto',
  'engineering_lead',
  'devops_lead',
  'security_lead',
  'product_lead',
  'head_of_support',
  'stakeholder',
  'admin',
] as const;
export type Role = (typeof roles)[number];

export const roleNames: Record<Role, string> = {
  sre: 'SRE',
  cto: 'CTO / VP Engineering',
  engineering_lead: 'Engineering Lead',
  devops_lead: 'DevOps Lead',
  security_lead: 'Security Lead',
  product_lead: 'Product Lead',
  head_of_support: 'Head of Support',
  stakeholder: 'Stakeholder',
  admin: 'Administrator',
};

/** The six who sign (APR-01), and who may publish on the status page. */
export const leadRoles = [
  'cto',
  'engineering_lead',
  'devops_lead',
  'security_lead',
  'product_lead',
  'head_of_support',
] as const satisfies readonly Role[];

/** What a token may do: `read` what GET answers, `plan` a change and ask for its sign-off. There is no third one. */
export const tokenScopes = ['read', 'plan'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Who acts: a signed-in person, a pipeline with a token, the worker, or someone on the command line. */
export type Actor =
  | { kind: 'person'; id: string; name: string; email: string; roles: Role[]; sessionId: string }
  | {
      kind: 'pipeline';
      /** Of the token. */
      id: string;
      /** "pipeline deploys" for the token deploys. */
      name: string;
      /** Roles of the token that its owner holds now. */
      roles: Role[];
      scopes: TokenScope[];
      /** The account that answers for it, and may not sign what it asks for. */
      owner: { id: string; name: string; email: string };
    }
  | { kind: 'worker'; id: string }
  | { kind: 'cli'; id: string };

export type Person = Extract<Actor, { kind: 'person' }>;
/** Never a person: a verb that decides or steers takes a `Person`, so a pipeline cannot be handed to it. */
export type Pipeline = Extract<Actor, { kind: 'pipeline' }>;
/** Who may look and ask. */
export type Caller = Person | Pipeline;

/**
 * What each role may do beside reading the console (every signed-in person reads it). Sign-offs are not
 * here: signalbox.yaml names them per action, service and environment.
 */
const allowed = {
  'change.plan': ['sre'],
  'change.steer': ['sre', ...leadRoles],
  'change.review': [...leadRoles],
  'change.stop': ['sre', ...leadRoles],
  'status.publish': [...leadRoles],
  'slo.account': ['sre', ...leadRoles],
  'slo.exclude': [...leadRoles],
  'report.correct': [...leadRoles],
  'view.curate': [...leadRoles],
  'backup.pin': ['sre', ...leadRoles],
  'backup.let_go': [...leadRoles],
  'backup.drill': ['sre', ...leadRoles],
  'account.manage': ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof allowed;

export const rolesFor = (permission: Permission): readonly Role[] => allowed[permission];

/** A pipeline may plan, whatever its roles: everything else is for people. */
export const can = (
  actor: { kind?: Caller['kind']; roles: readonly Role[] },
  permission: Permission,
): boolean =>
  (actor.kind !== 'pipeline' || permission === 'change.plan') &&
  rolesFor(permission).some((role) => actor.roles.includes(role));

/**
 * How a change or plan stores who asked: a token asks in its owner's account, so that whatever keeps a requester
 * from signing keeps the owner from it too.
 */
export const askedBy = (caller: Caller): { accountId: string; tokenId: string | null } =>
  caller.kind === 'pipeline'
    ? { accountId: caller.owner.id, tokenId: caller.id }
    : { accountId: caller.id, tokenId: null };
