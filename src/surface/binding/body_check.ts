import { newAjv } from "./validators.ts";

/**
 * Tells whether a value has the form of one of a document's named schemas: for bodies that did not come in a request,
 * such as sealed ones.
 */
export function bodyCheck(document: unknown, schema: string): (body: unknown) => boolean {
  const check = newAjv()
    .addSchema(document as object, "document")
    .compile({ $ref: `document#/components/schemas/${schema}` });
  return (body) => check(body) as boolean;
}
