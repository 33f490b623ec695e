import { COMMON } from "./common_settings.ts";
import { anyText, filePath, listenAddress, oneOf, webUrl, wholeNumber } from "./parsers.ts";

/** Settings of the host agent. */
export const HOST = {
  ...COMMON,
  local_listen: listenAddress(
    { name: "B3IQ_LOCAL_LISTEN", about: "Where the local surface listens" },
    "127.0.0.1:8831",
  ),
  gateway_url: webUrl({
    name: "B3IQ_GATEWAY_URL",
    about: "The gateway to enroll with (--gateway). Not set: local only",
  }),
  https_proxy: webUrl({ name: "HTTPS_PROXY", about: "The proxy by which the gateway is reached over https" }),
  http_proxy: webUrl({ name: "HTTP_PROXY", about: "The proxy by which the gateway is reached over http" }),
  no_proxy: anyText({ name: "NO_PROXY", about: "Hosts that are reached without a proxy" }),
  runtime_kind: oneOf(
    { name: "B3IQ_RUNTIME_KIND", about: "The model runtime. Not set: openai with B3IQ_RUNTIME_URL, else llama_cpp" },
    null,
    ["openai", "vllm", "sglang", "ollama", "llama_cpp"],
  ),
  runtime_url: webUrl({ name: "B3IQ_RUNTIME_URL", about: "The runtime's base URL; for OpenAI kinds it ends in /v1" }),
  runtime_key_file: filePath({ name: "B3IQ_RUNTIME_KEY_FILE", about: "File with the runtime's API key" }),
  runtime_images: oneOf(
    {
      name: "B3IQ_RUNTIME_IMAGES",
      about:
        "Whether the models of B3IQ_RUNTIME_URL take images. Not set: as the server says (llama-server, Ollama, SGLang), else off",
    },
    null,
    ["on", "off"],
  ),
  model_path: filePath({
    name: "B3IQ_MODEL_PATH",
    about: "A .gguf file for llama_cpp. Not set: a tiny self-test model that writes nonsense",
  }),
  context_length: wholeNumber(
    { name: "B3IQ_CONTEXT_LENGTH", about: "Tokens of context for each request of llama_cpp" },
    4_096,
    256,
    1_048_576,
  ),
  runtime_slots: wholeNumber(
    { name: "B3IQ_RUNTIME_SLOTS", about: "Requests that the runtime works on at once" },
    4,
    1,
    256,
  ),
  runtime_threads: wholeNumber(
    { name: "B3IQ_RUNTIME_THREADS", about: "Threads of llama_cpp; 0 leaves it to the library" },
    0,
    0,
    256,
  ),
  gpu: oneOf({ name: "B3IQ_GPU", about: "Where llama_cpp computes" }, "off", [
    "off",
    "auto",
    "cuda",
    "vulkan",
    "metal",
  ]),
} as const;
