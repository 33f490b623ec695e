import { runCommand } from "./commands.ts";
import { HOST_PROGRAM } from "./host_commands.ts";
import { runProgram } from "./program.ts";

await runProgram("b3iq-host", () => runCommand(HOST_PROGRAM));
