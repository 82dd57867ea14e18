import type { Person, Role } from '@/lib/access/model';
import type { Database } from '@/lib/db/client';

/** An account with roles, as the actor of a verb. */
export async function person(db: Database, name: string, roles: Role[]): Promise<Person> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
  const user = await db.user.create({
    data: { name, email, roles: { create: roles.map((role) => ({ role, grantedBy: 'test' })) } },
  });
  return { kind: 'person', id: user.id, name, email, roles, sessionId: user.id };
}

/** Who a journey needs: an SRE who asks, and the two leads who sign. */
export async function team(db: Database) {
  return {
    sre: await person(db, 'Sam Reyes', ['sre']),
    engineering: await person(db, 'Ella Lindqvist', ['engineering_lead']),
    devops: await person(db, 'Dara Okafor', ['devops_lead']),
    stakeholder: await person(db, 'Stella Kim', ['stakeholder']),
  };
}
export type Team = Awaited<ReturnType<typeof team>>;
