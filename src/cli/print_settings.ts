import { GATEWAY, HOST } from "../config/settings.ts";

/** Prints every setting of a program: name, default, what is allowed, what it is for. */
export function printSettings(program: "gateway" | "host"): void {
  for (const setting of Object.values(program === "gateway" ? GATEWAY : HOST)) {
    console.log(
      `${setting.name}${setting.default === null ? "" : ` (${setting.default})`}\n    ${setting.about}.\n    Allowed: ${setting.allowed}.`,
    );
  }
}
