/** The pages of the site in the order of its navigation; decisions, and pages that are not listed, follow. */
export type Section = { title: string; pages: string[] };

export const SECTIONS: Section[] = [
  {
    title: "Start",
    pages: [
      "index.md",
      "guides/first-chat.md",
      "guides/clients.md",
      "guides/streaming.md",
      "guides/tools.md",
      "guides/verify-a-receipt.md",
    ],
  },
  {
    title: "Use",
    pages: [
      "money.md",
      "guides/idempotency.md",
      "guides/limits.md",
      "errors.md",
      "guides/keys.md",
      "guides/private-jobs.md",
      "privacy.md",
      "glossary.md",
    ],
  },
  {
    title: "Operate",
    pages: [
      "operate/node.md",
      "operate/gateway.md",
      "operate/deploy.md",
      "operate/backup.md",
      "operate/monitor.md",
      "operate/admin.md",
      "operate/gateway-settings.md",
      "operate/host-settings.md",
    ],
  },
  {
    title: "Protocol",
    pages: [
      "protocol/encoding.md",
      "protocol/receipt.md",
      "protocol/log.md",
      "protocol/node-call.md",
      "protocol/router-call.md",
      "protocol/tunnel.md",
      "protocol/attacks.md",
      "protocol/envelope.md",
    ],
  },
  {
    title: "Change it",
    pages: [
      "architecture.md",
      "design/index.md",
      "design/chat.md",
      "design/money.md",
      "design/nodes.md",
      "design/evidence.md",
      "design/operations.md",
    ],
  },
  { title: "Decisions", pages: ["decisions/index.md"] },
];

/** The two API references, which are pages of another kind. */
export const REFERENCES = [
  { surface: "hosted", title: "Hosted surface", about: "every operation of the gateway" },
  { surface: "local", title: "Local surface", about: "every operation of the host agent" },
] as const;
