import { COMMON } from "./common_settings.ts";
import { filePath, identifier, webUrl } from "./parsers.ts";

/** Settings of a customer's own commands (`b3iq-gateway job`). */
export const CUSTOMER = {
  home: COMMON.home,
  secrets_dir: COMMON.secrets_dir,
  base_url: webUrl({
    name: "B3IQ_GATEWAY_BASE_URL",
    about: "The gateway that a customer's commands speak to. Not set: http://127.0.0.1:8830",
  }),
  customer_id: identifier("cus", {
    name: "B3IQ_CUSTOMER_ID",
    about: "The customer that they act for. Not set: customer-id in the secrets folder",
  }),
  customer_token_file: filePath({
    name: "B3IQ_CUSTOMER_TOKEN_FILE",
    about: "File with the customer's token. Not set: customer-token in the secrets folder",
  }),
} as const;
