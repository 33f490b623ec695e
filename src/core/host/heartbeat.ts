import type { HeartbeatBody } from "../gateway/nodes/types.ts";
