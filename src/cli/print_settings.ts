import { GATEWAY, HOST } from "../config/settings.ts";

/** Prints every setting of a program: name, default, allowed values, purpose. */
export function printSettings(program: "gateway" | "host"): void {
  for (const setting of Object.values(program === "gateway" ? GATEWAY : HOST)) {
    console.log(
      `${setting.name}${setting.default === null ? "" : ` (${setting.default})`}\n    ${setting.about}.\n    Allowed: ${setting.allowed}.`,
    );
  }
}
