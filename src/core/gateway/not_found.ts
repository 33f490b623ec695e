import { ApiError } from "../errors.ts";

export const unknownCustomer = () => notFound("customer", "customer_id");
export const unknownKey = () => notFound("key", "key_id");
export const unknownNode = () => notFound("node", "node_id");
export const unknownIncident = () => notFound("incident", "incident_id");

function notFound(subject: string, param: string): ApiError {
  return new ApiError("not_found", `There is no ${subject} with this id.`, { param });
}
