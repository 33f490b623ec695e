import { runCommand } from "./commands.ts";
import { hostProgram } from "./host_commands.ts";
import { runProgram } from "./program.ts";

await runProgram("b3iq-host", () => runCommand(hostProgram()));
