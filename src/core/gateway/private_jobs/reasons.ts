/**
 * The codes that a node may give for a job that it did not do. The customer reads the code as the reason of the
 * release. Any other code becomes `node_failed`, since a node's own words could repeat decrypted text.
 */
const REASONS: ReadonlySet<string> = new Set([
  "invalid_encrypted_request",
  "transport_key_unknown",
  "envelope_replayed",
  "request_refused",
  "max_price_exceeded",
  "context_length_exceeded",
  "model_not_found",
  "runtime_failed",
  "runtime_busy",
  "deadline_passed",
  "command_not_supported",
  "result_too_large",
]);

/** The reason of the release for a failure code of the node. */
export function failureReason(code: string | null): string {
  return code !== null && REASONS.has(code) ? code : "node_failed";
}
