import { createSurface, type Surface, type SurfaceDefinition } from "./surface.ts";

export type LocalSettings = {
  chat_bytes_max: number;
  cors_origins: string[];
  /** Names beside loopback under which the agent may be called. */
  extra_hosts: string[];
};

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** The host agent's surface: on loopback, and only under names that mean loopback. */
export function localSurface<Context>(
  definition: SurfaceDefinition<Context>,
  settings: LocalSettings,
): Promise<Surface> {
  const { chat_bytes_max, cors_origins, extra_hosts } = settings;
  return createSurface({
    ...definition,
    options: {
      cors_origins,
      allowed_hosts: [...LOOPBACK, ...extra_hosts],
      ...definition.options,
      body_bytes_by_operation: {
        createLocalChatCompletion: chat_bytes_max,
        ...definition.options?.body_bytes_by_operation,
      },
    },
  });
}
