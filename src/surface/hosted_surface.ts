import { createSurface, type Surface, type SurfaceDefinition } from "./surface.ts";

export type HostedSettings = {
  /** Limit of a chat's body. */
  chat_bytes_max: number;
  cors_origins: string[];
  trusted_proxies: string[];
};

/** The gateway's surface. */
export function hostedSurface<Context>(
  definition: SurfaceDefinition<Context>,
  settings: HostedSettings,
): Promise<Surface> {
  const { chat_bytes_max, cors_origins, trusted_proxies } = settings;
  return createSurface({
    ...definition,
    options: {
      cors_origins,
      trusted_proxies,
      pages: ["verify"],
      ...definition.options,
      body_bytes_by_operation: { createChatCompletion: chat_bytes_max, ...definition.options?.body_bytes_by_operation },
    },
  });
}
