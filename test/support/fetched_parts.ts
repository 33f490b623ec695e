/** Parts of requests that some model server would fetch, and allowed parts of the same purpose. */

/** A mark in every URL below, by which a runtime notices a URL that reached it. */
export const MARK = "MARKurl5e1c.example";
const URL_OF_OURS = `http://${MARK}/latest/meta-data/`;

type Message = Record<string, unknown>;
const user = (part: unknown): Message[] => [{ role: "user", content: [{ type: "text", text: "see" }, part] }];
const PART = "messages[0].content[1]";

/** The name of the case, the messages, and the place that the refusal names. */
export const FETCHED: [what: string, messages: Message[], param: string][] = [
  ["a video", user({ type: "video_url", video_url: { url: URL_OF_OURS } }), `${PART}.type`],
  ["a sound by URL", user({ type: "audio_url", audio_url: { url: URL_OF_OURS } }), `${PART}.type`],
  [
    "a sound in the request",
    user({ type: "input_audio", input_audio: { data: `data:,${MARK}`, format: "wav" } }),
    `${PART}.type`,
  ],
  ["a file by id", user({ type: "file", file: { file_id: MARK } }), `${PART}.type`],
  ["a file by URL", user({ type: "file_url", file_url: { url: URL_OF_OURS } }), `${PART}.type`],
  ["an image of the responses API", user({ type: "input_image", image_url: URL_OF_OURS }), `${PART}.type`],
  ["an image by another name", user({ type: "image", image: URL_OF_OURS }), `${PART}.type`],
  ["a type that every object inherits", user({ type: "constructor", constructor: MARK }), `${PART}.type`],
  ["a part without a type", user({ image_url: URL_OF_OURS }), `${PART}.type`],
  ["an image by http", user({ type: "image_url", image_url: { url: URL_OF_OURS } }), `${PART}.image_url.url`],
  [
    "an image by https in capitals",
    user({ type: "image_url", image_url: { url: `HTTPS://${MARK}/a.png` } }),
    `${PART}.image_url.url`,
  ],
  [
    "an image of this machine",
    user({ type: "image_url", image_url: { url: `file:///etc/${MARK}` } }),
    `${PART}.image_url.url`,
  ],
  [
    "a data URL of another type",
    user({ type: "image_url", image_url: { url: `data:image/svg+xml;base64,${btoa(MARK)}` } }),
    `${PART}.image_url.url`,
  ],
  [
    "a data URL that is not base64",
    user({ type: "image_url", image_url: { url: `data:image/png;base64,http://${MARK}` } }),
    `${PART}.image_url.url`,
  ],
  [
    "a data URL with a URL behind it",
    user({ type: "image_url", image_url: { url: `data:image/png;base64,AAAA\n${URL_OF_OURS}` } }),
    `${PART}.image_url.url`,
  ],
  ["an image as a bare text", user({ type: "image_url", image_url: URL_OF_OURS }), `${PART}.image_url`],
  [
    "a second URL beside the image's",
    user({ type: "image_url", image_url: { url: "data:image/png;base64,AAAA", uri: URL_OF_OURS } }),
    `${PART}.image_url.uri`,
  ],
  [
    "a text with an image that vLLM would load",
    user({ type: "text", text: "see", uuid: "a", image_url: URL_OF_OURS }),
    `${PART}.uuid`,
  ],
  [
    "a video in a tool's answer",
    [
      { role: "user", content: "see" },
      { role: "tool", tool_call_id: "c", content: [{ type: "video_url", video_url: { url: URL_OF_OURS } }] },
    ],
    "messages[1].content[0].type",
  ],
  [
    "an image of a developer",
    [{ role: "developer", content: [{ type: "image_url", image_url: { url: URL_OF_OURS } }] }],
    "messages[0].content[0].image_url.url",
  ],
  [
    "a file in an old function's answer",
    [{ role: "function", name: "f", content: [{ type: "file", file: { file_data: URL_OF_OURS } }] }],
    "messages[0].content[0].type",
  ],
  [
    "a refusal that is the user's",
    [{ role: "user", content: [{ type: "refusal", refusal: MARK }] }],
    "messages[0].content[0].type",
  ],
  ["images beside the content", [{ role: "user", content: "see", images: [URL_OF_OURS] }], "messages[0].images"],
  ["a video beside the content", [{ role: "user", content: "see", video_url: URL_OF_OURS }], "messages[0].video_url"],
];

const besides = ["Images", "imageUrl", "image_path", "video_frames", "multi_modal_data", "mm_data", "pixel_values"];
for (const name of [...besides, "url", "picture", "context", "parts", "contents", "audio"])
  FETCHED.push([`${name} beside the content`, [{ role: "user", content: "see", [name]: MARK }], `messages[0].${name}`]);

const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
FETCHED.push(
  [
    "a URL in a call",
    [{ role: "assistant", content: null, tool_calls: [{ ...call, image_url: URL_OF_OURS }] }],
    "messages[0].tool_calls[0].image_url",
  ],
  [
    "a URL in what a call names",
    [{ role: "assistant", content: null, tool_calls: [{ ...call, function: { ...call.function, url: MARK } }] }],
    "messages[0].tool_calls[0].function.url",
  ],
  [
    "a URL in an old function's call",
    [{ role: "assistant", content: null, function_call: { ...call.function, url: MARK } }],
    "messages[0].function_call.url",
  ],
);

/** One pixel. */
export const IMAGE_URL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const IMAGE = {
  role: "user" as const,
  content: [
    { type: "text" as const, text: "What is it?" },
    { type: "image_url" as const, image_url: { url: IMAGE_URL, detail: "low" as const } },
  ],
};
