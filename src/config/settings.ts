export { CUSTOMER } from "./customer.ts";
export { GATEWAY } from "./gateway.ts";
export { HOST } from "./host.ts";

/** Names that only clients and their examples use; known, so that nobody is warned about them. */
export const CLIENT_NAMES = [
  "B3IQ_GATEWAY_BASE_URL",
  "B3IQ_GATEWAY_KEY_FILE",
  "B3IQ_LOCAL_BASE_URL",
  "B3IQ_LOCAL_KEY_FILE",
  "B3IQ_CUSTOMER_ID",
  "B3IQ_CUSTOMER_TOKEN_FILE",
  "B3IQ_PRIVATE_NODE_ID",
  "B3IQ_PRIVATE_JOB_ID",
  "B3IQ_ENCRYPTED_REQUEST_FILE",
  "B3IQ_ADMIN_TOKEN_FILE",
] as const;
