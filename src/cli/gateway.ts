import { runCommand } from "./commands.ts";
import { gatewayProgram } from "./gateway_commands.ts";
import { runProgram } from "./program.ts";

await runProgram("b3iq-gateway", () => runCommand(gatewayProgram()));
