import { Ajv2020 } from "ajv/dist/2020.js";
import type { Ajv, Options } from "ajv";
import formats from "ajv-formats";
import { OpenAPIValidator, type ValidationContext } from "openapi-backend";
import type { Document } from "./document.ts";
import type { Router } from "./router.ts";

/** Formats of OpenAPI that JSON Schema does not know; ranges belong into `minimum` and `maximum`. */
const NAMES_ONLY = ["int32", "int64", "float", "double", "byte", "binary", "password"];

/** An Ajv for the dialect of OpenAPI 3.1; the default of openapi-backend is draft-07. */
export function newAjv(options: Options = {}): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: false, ...options });
  (formats as unknown as (ajv: Ajv) => void)(ajv as unknown as Ajv);
  for (const name of NAMES_ONLY) ajv.addFormat(name, true);
  return ajv;
}

/**
 * openapi-backend's request validation with one Ajv per set of options, because its own compiles one per operation and
 * context, which takes seconds at the start. There are no response validators, which know neither status nor media type
 * (see response_check.ts).
 */
export class RequestValidator extends OpenAPIValidator {
  #bodies = newAjv({ verbose: true });
  #parameters = newAjv({ verbose: true, coerceTypes: true, useDefaults: true });

  constructor(definition: Document, router: Router, lazy: boolean) {
    // Compiled here and not in the base constructor, which runs before our fields exist.
    super({ definition, router, lazyCompileValidators: true });
    if (!lazy) this.preCompileRequestValidators();
  }

  override getAjv(_context: ValidationContext, options: Options = {}): Ajv {
    return (options.coerceTypes ? this.#parameters : this.#bodies) as unknown as Ajv;
  }

  override preCompileResponseValidators(): void {}

  override preCompileResponseHeaderValidators(): void {}
}
