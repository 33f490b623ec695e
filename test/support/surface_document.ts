/** A small document with one operation for each duty of the surface. */
const error = (name: string) => ({
  description: "failure",
  content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
});

function failures(name: string, statuses: number[]): Record<string, unknown> {
  return Object.fromEntries(statuses.map((status) => [String(status), error(name)]));
}

const json = (schema: object) => ({ description: "ok", content: { "application/json": { schema } } });
const ALL = [400, 401, 403, 404, 408, 413, 415, 429, 500, 503];

const chat = {
  operationId: "chat",
  "x-b3iq-envelope": "openai",
  security: [{ gatewayKey: [] }],
  requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Chat" } } } },
  responses: {
    "200": {
      description: "The answer",
      content: {
        "application/json": { schema: { $ref: "#/components/schemas/Answer" } },
        "text/event-stream": { schema: { anyOf: [{ const: "[DONE]" }, { $ref: "#/components/schemas/Event" }] } },
      },
    },
    ...failures("OpenAiError", ALL),
  },
};

export const testDocument = {
  openapi: "3.1.0",
  info: { title: "Test surface", version: "1" },
  security: [],
  paths: {
    "/v1/chat/completions": { post: chat },
    "/v1/models/{model}": {
      get: {
        operationId: "model",
        "x-b3iq-envelope": "openai",
        "x-b3iq-tail": true,
        security: [{ gatewayKey: [] }],
        parameters: [{ name: "model", in: "path", required: true, schema: { type: "string", maxLength: 200 } }],
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("OpenAiError", ALL) },
      },
    },
    "/v1/billing/usage": {
      get: {
        operationId: "usage",
        security: [{ gatewayKey: [] }, { customerId: [], customerToken: [] }],
        parameters: [
          { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
          { name: "kind", in: "query", schema: { type: "string", enum: ["credit", "charge"] } },
          { name: "ids", in: "query", schema: { type: "array", items: { type: "string" } } },
        ],
        responses: {
          "200": {
            description: "usage",
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Seen" } },
              "text/csv": { schema: { type: "string" } },
            },
          },
          ...failures("NativeError", ALL),
        },
      },
    },
    "/v1/keys/{key_id}": {
      parameters: [{ name: "key_id", in: "path", required: true, schema: { type: "string", pattern: "^key_[a-z]+$" } }],
      get: {
        operationId: "key",
        security: [{ customerId: [], customerToken: [] }],
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("NativeError", ALL) },
      },
      delete: {
        operationId: "removeKey",
        security: [{ customerId: [], customerToken: [] }],
        responses: { "204": { description: "gone" }, ...failures("NativeError", ALL) },
      },
    },
    "/v1/log/tile/{level}/{index}": {
      get: {
        operationId: "tile",
        "x-b3iq-tail": true,
        parameters: [
          { name: "level", in: "path", required: true, schema: { type: "integer", minimum: 0, maximum: 63 } },
          { name: "index", in: "path", required: true, schema: { type: "string" } },
        ],
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("NativeError", ALL) },
      },
    },
    "/v1/log/tile/entries/{index}": {
      get: {
        operationId: "entries",
        "x-b3iq-tail": true,
        parameters: [{ name: "index", in: "path", required: true, schema: { type: "string" } }],
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("NativeError", ALL) },
      },
    },
    "/v1/node/beat": {
      post: {
        operationId: "beat",
        security: [{ nodeId: [], nodeEpoch: [], nodeSeq: [], nodeTime: [], nodeSignature: [] }],
        requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("NativeError", ALL) },
      },
    },
    "/v1/owner/thing": {
      post: {
        operationId: "owner",
        security: [{ ownerSession: [] }, { setupToken: [] }],
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("NativeError", ALL) },
      },
    },
    "/v1/tunnel/call": {
      post: {
        operationId: "tunnelCall",
        security: [{ localKey: [] }, { routerSignature: [] }],
        requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
        responses: {
          "200": {
            description: "ok",
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Seen" } },
              "text/event-stream": { schema: { $ref: "#/components/schemas/Event" } },
            },
          },
          ...failures("NativeError", ALL),
        },
      },
    },
    "/v1/open": {
      get: {
        operationId: "open",
        responses: { "200": json({ $ref: "#/components/schemas/Seen" }), ...failures("NativeError", ALL) },
      },
    },
  },
  components: {
    securitySchemes: {
      gatewayKey: { type: "http", scheme: "bearer" },
      localKey: { type: "http", scheme: "bearer" },
      customerId: { type: "apiKey", in: "header", name: "X-B3IQ-Customer-ID" },
      customerToken: { type: "apiKey", in: "header", name: "X-B3IQ-Customer-Token" },
      nodeId: { type: "apiKey", in: "header", name: "X-B3IQ-Node-ID" },
      nodeEpoch: { type: "apiKey", in: "header", name: "X-B3IQ-Node-Epoch" },
      nodeSeq: { type: "apiKey", in: "header", name: "X-B3IQ-Node-Seq" },
      nodeTime: { type: "apiKey", in: "header", name: "X-B3IQ-Node-Time" },
      nodeSignature: { type: "apiKey", in: "header", name: "X-B3IQ-Node-Signature" },
      routerSignature: { type: "apiKey", in: "header", name: "X-B3IQ-Router-Signature" },
      ownerSession: { type: "apiKey", in: "cookie", name: "b3iq_owner" },
      setupToken: { type: "apiKey", in: "header", name: "X-B3IQ-Setup-Token" },
    },
    schemas: {
      Chat: {
        type: "object",
        additionalProperties: false,
        required: ["model", "messages"],
        properties: {
          model: { type: "string", minLength: 1 },
          messages: { type: "array", minItems: 1, items: { $ref: "#/components/schemas/Message" } },
          temperature: { type: ["number", "null"], minimum: 0, maximum: 2 },
          stream: { type: ["boolean", "null"] },
          task: { type: "string" },
        },
      },
      Message: {
        type: "object",
        required: ["role"],
        properties: {
          role: { type: "string", enum: ["system", "user", "assistant", "tool"] },
          content: {
            anyOf: [
              { type: "string" },
              { type: "null" },
              {
                type: "array",
                items: { oneOf: [{ $ref: "#/components/schemas/Text" }, { $ref: "#/components/schemas/Image" }] },
              },
            ],
          },
        },
      },
      Text: {
        type: "object",
        required: ["type", "text"],
        properties: { type: { const: "text" }, text: { type: "string" } },
      },
      Image: {
        type: "object",
        required: ["type", "image_url"],
        properties: { type: { const: "image_url" }, image_url: { type: "object" } },
      },
      Answer: { type: "object", required: ["id"], properties: { id: { type: "string" } } },
      Event: {
        type: "object",
        properties: { n: { type: "integer" }, error: { type: "object" } },
        additionalProperties: false,
        minProperties: 1,
      },
      Seen: { type: "object", required: ["operation"], properties: { operation: { type: "string" } } },
      NativeError: {
        type: "object",
        required: ["error"],
        properties: {
          error: {
            type: "object",
            required: ["status", "title", "detail", "code", "request_id"],
            properties: {
              status: { type: "integer" },
              title: { type: "string" },
              detail: { type: "string" },
              code: { type: "string" },
            },
          },
        },
      },
      OpenAiError: {
        type: "object",
        required: ["error"],
        properties: {
          error: {
            type: "object",
            required: ["message", "type", "param", "code", "b3iq"],
            properties: {
              message: { type: "string" },
              type: { type: "string" },
              param: { type: ["string", "null"] },
              code: { type: "string" },
              b3iq: { type: "object", required: ["status", "title", "detail", "code"] },
            },
          },
        },
      },
    },
  },
};
