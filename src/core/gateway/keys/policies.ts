/** What routing must know of a customer's policy; the ledger decides everything that is about money, inside its transaction. */
export type CustomerPolicyView = {
  route_tiers: string[] | null;
  expose_node: boolean;
};
