import { COMMON, DAY, HOUR, KIB, MIB, MINUTE, SECOND } from "./common_settings.ts";
import {
  databaseAddress,
  filePath,
  listenAddress,
  networks,
  origins,
  webUrl,
  wei,
  wholeNumber,
  witnesses,
  yesOrNo,
} from "./parsers.ts";

/** Settings of the gateway. */
export const GATEWAY = {
  ...COMMON,
  gateway_listen: listenAddress(
    { name: "B3IQ_GATEWAY_LISTEN", about: "Where the hosted surface listens" },
    "127.0.0.1:8830",
  ),
  metrics_listen: listenAddress(
    {
      name: "B3IQ_METRICS_LISTEN",
      about: "Where /metrics listens. Not set: 127.0.0.1, 1000 above the port of B3IQ_GATEWAY_LISTEN",
    },
    null,
  ),
  peer_listen: listenAddress(
    {
      name: "B3IQ_GATEWAY_PEER_LISTEN",
      about: "Where other gateways reach this one. Not set: 127.0.0.1, 2000 above the port of B3IQ_GATEWAY_LISTEN",
    },
    null,
  ),
  public_url: webUrl({
    name: "B3IQ_PUBLIC_URL",
    about: "The address that customers and nodes use; nodes sign it. Not set: http and the listening address",
  }),
  trusted_proxies: networks({
    name: "B3IQ_TRUSTED_PROXIES",
    about: "Proxies whose forwarding headers are believed. Not set: none, the headers are ignored",
  }),
  cors_origins: origins({ name: "B3IQ_CORS_ORIGINS", about: "Browser origins that may call. Not set: none" }),
  database_url: databaseAddress({
    name: "B3IQ_DATABASE_URL",
    about: "The database. Not set: a private Postgres in B3IQ_HOME",
  }),
  database_pool_max: wholeNumber(
    { name: "B3IQ_DATABASE_POOL_MAX", about: "Connections of a gateway, beside the ledger's own" },
    10,
    2,
    100,
  ),
  statement_timeout_ms: wholeNumber(
    { name: "B3IQ_STATEMENT_TIMEOUT_MS", about: "One database statement" },
    30 * SECOND,
    100,
    10 * MINUTE,
  ),
  require_sync_replica: yesOrNo(
    {
      name: "B3IQ_REQUIRE_SYNC_REPLICA",
      about: "Not ready unless the primary has a synchronous standby (production: 1)",
    },
    false,
  ),
  private_body_max_bytes: wholeNumber(
    { name: "B3IQ_PRIVATE_BODY_MAX_BYTES", about: "Largest envelope of a private job" },
    MIB,
    KIB,
    8 * MIB,
  ),
  private_job_timeout_ms: wholeNumber(
    { name: "B3IQ_PRIVATE_JOB_TIMEOUT_MS", about: "From the admission of a private job until it has to be done" },
    HOUR,
    SECOND,
    DAY,
  ),
  open_chats_max: wholeNumber(
    { name: "B3IQ_OPEN_CHATS_MAX", about: "Chats in flight in one gateway" },
    4_096,
    1,
    65_536,
  ),
  ledger_queue_max: wholeNumber(
    { name: "B3IQ_LEDGER_QUEUE_MAX", about: "Ledger operations that wait in one gateway" },
    8_192,
    256,
    65_536,
  ),
  keyless_requests_per_minute: wholeNumber(
    { name: "B3IQ_KEYLESS_REQUESTS_PER_MINUTE", about: "Calls without a key, for each client address" },
    600,
    1,
    100_000,
  ),
  tunnel_connect_timeout_ms: wholeNumber(
    { name: "B3IQ_TUNNEL_CONNECT_TIMEOUT_MS", about: "Opening a stream in a node's tunnel" },
    2 * SECOND,
    100,
    MINUTE,
  ),
  candidate_accept_timeout_ms: wholeNumber(
    { name: "B3IQ_CANDIDATE_ACCEPT_TIMEOUT_MS", about: "Until a node accepts a dispatch" },
    5 * SECOND,
    100,
    MINUTE,
  ),
  first_token_timeout_ms: wholeNumber(
    { name: "B3IQ_FIRST_TOKEN_TIMEOUT_MS", about: "Until the first token" },
    2 * MINUTE,
    SECOND,
    HOUR,
  ),
  between_tokens_timeout_ms: wholeNumber(
    { name: "B3IQ_BETWEEN_TOKENS_TIMEOUT_MS", about: "Between two tokens" },
    MINUTE,
    SECOND,
    HOUR,
  ),
  status_hold_ms: wholeNumber(
    { name: "B3IQ_STATUS_HOLD_MS", about: "How long a stream's 200 waits for the first byte" },
    10 * SECOND,
    0,
    5 * MINUTE,
  ),
  keep_alive_ms: wholeNumber(
    { name: "B3IQ_KEEP_ALIVE_MS", about: "Silence in a stream before a keep-alive comment" },
    15 * SECOND,
    SECOND,
    5 * MINUTE,
  ),
  settle_wait_ms: wholeNumber(
    { name: "B3IQ_SETTLE_WAIT_MS", about: "How long the end of an answer waits for a database that is away" },
    30 * SECOND,
    SECOND,
    10 * MINUTE,
  ),
  receipt_grace_ms: wholeNumber(
    { name: "B3IQ_RECEIPT_GRACE_MS", about: "How long after its deadline a hold waits for the receipt" },
    10 * MINUTE,
    MINUTE,
    DAY,
  ),
  heartbeat_dead_ms: wholeNumber(
    { name: "B3IQ_HEARTBEAT_DEAD_MS", about: "Silence after which a node is dead" },
    40 * SECOND,
    SECOND,
    10 * MINUTE,
  ),
  tunnel_ping_ms: wholeNumber(
    { name: "B3IQ_TUNNEL_PING_MS", about: "How often a tunnel is pinged" },
    15 * SECOND,
    100,
    MINUTE,
  ),
  benchmark_age_max_ms: wholeNumber(
    { name: "B3IQ_BENCHMARK_AGE_MAX_MS", about: "Age at which an observed benchmark is stale" },
    DAY,
    MINUTE,
    30 * DAY,
  ),
  stake_min_wei: wei({ name: "B3IQ_STAKE_MIN_WEI", about: "Least stake of a node; 0 asks for none" }, 0n),
  stake_age_max_ms: wholeNumber(
    { name: "B3IQ_STAKE_AGE_MAX_MS", about: "Age at which an observed stake is stale" },
    DAY,
    MINUTE,
    30 * DAY,
  ),
  node_approval: yesOrNo(
    { name: "B3IQ_NODE_APPROVAL", about: "New nodes wait for an admin before they get work; `make run` sets 0" },
    true,
  ),
  context_length_max: wholeNumber(
    {
      name: "B3IQ_CONTEXT_LENGTH_MAX",
      about: "Tokens of context that a node may claim; what it says above it does not count",
    },
    131_072,
    1_024,
    16_777_216,
  ),
  protocol_version_min: wholeNumber(
    { name: "B3IQ_PROTOCOL_VERSION_MIN", about: "Oldest node protocol that is served" },
    1,
    1,
    1_000,
  ),
  vocabulary_dir: filePath({
    name: "B3IQ_VOCABULARY_DIR",
    about: "Folder of vocabularies, MODEL_ID.gguf, by which sampled chats are counted again. Not set: none are",
  }),
  recount_bps: wholeNumber(
    { name: "B3IQ_RECOUNT_BPS", about: "Chats that are counted again, of 10,000" },
    100,
    0,
    10_000,
  ),
  fee_bps: wholeNumber(
    { name: "B3IQ_FEE_BPS", about: "The platform's part of a debit, in hundredths of a percent" },
    500,
    0,
    10_000,
  ),
  otlp_endpoint: webUrl({
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    about: "A collector that takes spans of chats by OTLP over HTTP (JSON). Not set: no spans are made",
  }),
  log_dir: filePath({
    name: "B3IQ_LOG_DIR",
    about: "Folder of the public log's tiles, for any web server. Not set: log in B3IQ_HOME",
  }),
  log_interval_ms: wholeNumber(
    { name: "B3IQ_LOG_INTERVAL_MS", about: "How often the public log publishes, if it grew" },
    SECOND,
    20,
    MINUTE,
  ),
  witnesses: witnesses({ name: "B3IQ_WITNESSES", about: "Witnesses that are asked to co-sign the log. Not set: none" }),
  witnesses_min: wholeNumber(
    { name: "B3IQ_WITNESSES_MIN", about: "Cosignatures without which a checkpoint is not published" },
    0,
    0,
    32,
  ),
  payout_maturity_ms: wholeNumber(
    { name: "B3IQ_PAYOUT_MATURITY_MS", about: "From settlement until a payout may be made" },
    DAY,
    0,
    90 * DAY,
  ),
} as const;
