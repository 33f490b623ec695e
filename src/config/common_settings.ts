import { filePath, oneOf, wholeNumber, yesOrNo } from "./parsers.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const KIB = 1_024;
export const MIB = KIB * KIB;

/** Settings of both programs. */
export const COMMON = {
  home: filePath({
    name: "B3IQ_HOME",
    about: "Folder of all state (mode 0700). Not set: .b3iq in the checkout, or in the current folder",
  }),
  secrets_dir: filePath({
    name: "B3IQ_SECRETS_DIR",
    about: "Folder of the secret files (each 0600). Not set: secrets in B3IQ_HOME",
  }),
  log_level: oneOf({ name: "B3IQ_LOG_LEVEL", about: "Least level that is logged" }, "info", [
    "debug",
    "info",
    "warn",
    "error",
    "silent",
  ]),
  validate_responses: yesOrNo(
    { name: "B3IQ_VALIDATE_RESPONSES", about: "Check every answer against the document, and count those that differ" },
    false,
  ),
  failed_keys_per_minute: wholeNumber(
    { name: "B3IQ_FAILED_KEYS_PER_MINUTE", about: "Refused keys, for each client address" },
    60,
    1,
    100_000,
  ),
  drain_cap_ms: wholeNumber(
    { name: "B3IQ_DRAIN_CAP_MS", about: "After SIGTERM, how long requests in flight may take" },
    10 * MINUTE,
    0,
    HOUR,
  ),
  connections_max: wholeNumber(
    {
      name: "B3IQ_CONNECTIONS_MAX",
      about: "Connections at once, idle ones and tunnels too; more are closed unanswered",
    },
    32_768,
    16,
    1_000_000,
  ),
  chat_body_max_bytes: wholeNumber(
    { name: "B3IQ_CHAT_BODY_MAX_BYTES", about: "Largest body of a chat" },
    8 * MIB,
    KIB,
    64 * MIB,
  ),
  body_max_bytes: wholeNumber(
    { name: "B3IQ_BODY_MAX_BYTES", about: "Largest body of any other call" },
    MIB,
    KIB,
    16 * MIB,
  ),
  body_depth_max: wholeNumber({ name: "B3IQ_BODY_DEPTH_MAX", about: "Deepest nesting of a JSON body" }, 64, 8, 256),
  header_max_bytes: wholeNumber(
    { name: "B3IQ_HEADER_MAX_BYTES", about: "All headers of a request together" },
    16 * KIB,
    4 * KIB,
    64 * KIB,
  ),
  answer_timeout_ms: wholeNumber(
    { name: "B3IQ_ANSWER_TIMEOUT_MS", about: "A whole answer" },
    10 * MINUTE,
    SECOND,
    HOUR,
  ),
  client_progress_timeout_ms: wholeNumber(
    { name: "B3IQ_CLIENT_PROGRESS_TIMEOUT_MS", about: "A client that takes no byte of its answer" },
    30 * SECOND,
    SECOND,
    10 * MINUTE,
  ),
} as const;
