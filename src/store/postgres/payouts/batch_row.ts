export type PayoutStatus = "created" | "submitted" | "finalized" | "reset";

export type PayoutBatchRow = {
  batch_id: string;
  status: PayoutStatus;
  period_end: Date;
  tree_size: number;
  payout_count: number;
  total_amount_wei: string;
  withheld_wei: string;
  set_off_wei: string;
  merkle_root: Buffer;
  commitment: string;
  commitment_signature: Buffer;
  transaction_hash: string | null;
  block_number: number | null;
  created_by: string;
  created_at: Date;
  submitted_at: Date | null;
  finalized_at: Date | null;
  finalize_reason: string | null;
  reset_at: Date | null;
  reset_reason: string | null;
};

export type PayoutLineRow = {
  line_index: number;
  node_id: string;
  amount_wei: string;
  receipt_count: number;
  payout_address: string | null;
};
