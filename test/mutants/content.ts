import type { Mutant } from "./run.ts";

/** Known ways to let a node fetch what a customer wrote, or to take an inherited name for a known one. */
export const CONTENT_MUTANTS: Mutant[] = [
  {
    name: "content: the agent does not look at the parts",
    file: "src/core/host/chat/chat_request.ts",
    find: "const { image } = checkChatContent(body);",
    replace: "const image = null as string | null;",
    test: "test/core/host/chat/parts.test.ts",
    named: "hands no runtime a part that it would fetch",
  },
  {
    name: "content: the gateway does not look at the parts",
    file: "src/core/gateway/chat/request.ts",
    find: "const { image } = checkChatContent(body);",
    replace: "const image = null as string | null;",
    test: "test/core/gateway/chat/request.test.ts",
    named: "refuses a video",
  },
  {
    name: "content: a message may have any member",
    file: "src/core/chat_content.ts",
    find: "checkMembers(message, MESSAGE, at, NOT_PASSED);",
    replace: "",
    test: "test/core/chat_content.test.ts",
    named: "image_path beside the content",
  },
  {
    name: "content: an image's base64 is not looked at",
    file: "src/core/chat_content.ts",
    find: "data.length % 4 !== 0 || !BASE64.test(data)",
    replace: 'data === ""',
    test: "test/core/chat_content.test.ts",
    named: "a data URL that is not base64",
  },
  {
    name: "content: an image goes to a model that reads text only",
    file: "src/core/host/chat/chat_request.ts",
    find: 'if (image !== null && !limits.supported_parameters.includes("images")) throw imageRefused(image);',
    replace: "",
    test: "test/core/host/chat/parts.test.ts",
    named: "with an image for a model that reads text only",
  },
  {
    name: "names: what every object inherits is a parameter",
    file: "src/core/gateway/chat/request.ts",
    find: "const parameter = PARAMETERS.get(name);",
    replace: "const parameter = Object.fromEntries(PARAMETERS)[name];",
    test: "test/core/gateway/chat/request.test.ts",
    named: "refuses toString, which every object inherits",
  },
  {
    name: "names: only the spelling private_job is another mode",
    file: "src/core/gateway/chat/request.ts",
    find: 'if (mode !== "pooled_sync")',
    replace: 'if (mode === "private_job")',
    test: "test/core/gateway/chat/request.test.ts",
    named: 'refuses the dispatch mode "foo"',
  },
];
