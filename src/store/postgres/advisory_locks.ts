/**
 * The numbers of all advisory locks that the product takes: one place, so that no two are the same. A number may be
 * any, as long as every release that runs beside another uses the same one for the same thing. Gateways of the previous
 * release run beside this one while they are replaced, so a number changes only where something else than the lock
 * keeps the two apart.
 */
export const ADVISORY_LOCKS = {
  /** One process at a time brings the schema up to its build. */
  migrate: 833_017_001,
  /**
   * Every batch of the ledger holds it shared, the roll-up alone. It must keep its number: a roll-up that takes another
   * one than the batches of the previous release passes over their transfers for good.
   */
  roll_up: 833_017_002,
  /** Of all gateways on a database, the one whose session holds it leads the public log. */
  log_lead: 833_017_006,
  /** Payout batches are built one after the other, so that no settlement can be in two. */
  payout_batch: 833_017_007,
  /**
   * One entry of the audit log at a time. In the first release it had the number of the roll-up: an admin's change then
   * waited for every batch of the ledger, and the batches for it. Beside a gateway of that release the primary key keeps
   * the chain whole, and the second of the two appends again (audit_append.ts).
   */
  audit: 833_017_008,
} as const;
