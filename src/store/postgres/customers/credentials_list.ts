import type { Database } from "../database.ts";

export type CredentialListRow = {
  credential_id: string;
  customer_id: string | null;
  operator: boolean;
  display_tail: string;
  label: string | null;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  policy: Record<string, unknown> | null;
  policy_version: number;
};

/** The keys of a customer by id, from the one behind `after`; or the one key with `credential_id`. */
export async function listCredentials(
  db: Database,
  {
    customer_id,
    credential_id,
    after,
    limit,
  }: { customer_id?: string; credential_id?: string; after: string | null; limit: number },
): Promise<CredentialListRow[]> {
  const query = db
    .knex("credentials as c")
    .leftJoin("credential_policies as p", (on) =>
      on.on("p.credential_id", "c.credential_id").andOn("p.version", "c.policy_version"),
    )
    .select(
      "c.credential_id",
      "c.customer_id",
      "c.operator",
      "c.display_tail",
      "c.label",
      "c.scopes",
      "c.created_at",
      "c.expires_at",
      "c.revoked_at",
      "c.policy_version",
      "p.policy",
    )
    .orderBy("c.credential_id")
    .limit(limit);
  if (customer_id !== undefined) query.where("c.customer_id", customer_id);
  if (credential_id !== undefined) query.where("c.credential_id", credential_id);
  if (after !== null) query.where("c.credential_id", ">", after);
  return (await query) as CredentialListRow[];
}
