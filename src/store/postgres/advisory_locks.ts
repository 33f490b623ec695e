/**
 * The numbers of all advisory locks that the product takes: one place, so that no two are the same. A number may be
 * any, as long as every release that runs beside another uses the same one for the same thing. Gateways of the previous
 * release run beside this one while they are replaced, so a number changes only where something else than the lock
 * keeps the two apart.
 */
export const ADVISORY_LOCKS = {
  /** One process at a time migrates the schema. */
  migrate: 833_017_001,
  /**
   * Every batch of the ledger holds it shared, the roll-up alone. It must keep its number: a roll-up that takes another
   * one than the batches of the previous release passes over their transfers for good.
   */
  roll_up: 833_017_002,
  /** The gateway whose session holds this lock leads the public log. */
  log_lead: 833_017_006,
  /** One payout batch is built at a time, so that no settlement is in two. */
  payout_batch: 833_017_007,
  /**
   * One transaction at a time appends to the audit log. An act of an admin takes the lock last in its transaction, and a
   * batch of the ledger only when it books such an act. In the first release the lock had the number of the roll-up, so
   * an act waited for every batch of the ledger, and the batches for the act. Beside a gateway of that release the
   * primary key keeps the chain whole: the second of two gateways appends again (control/audit_append.ts).
   */
  audit: 833_017_008,
} as const;
