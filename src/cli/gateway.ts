import { runCommand } from "./commands.ts";
import { GATEWAY_PROGRAM } from "./gateway_commands.ts";
import { runProgram } from "./program.ts";

await runProgram("b3iq-gateway", () => runCommand(GATEWAY_PROGRAM));
