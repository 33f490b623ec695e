/** The best of the offered media types for an `Accept` header (RFC 9110 §12.5.1); undefined when none is acceptable. */
export function acceptable(header: string | undefined, offered: string[]): string | undefined {
  if (header === undefined || header.trim() === "") return offered[0];
  const ranges = header
    .split(",")
    .slice(0, 64)
    .map((text) => {
      const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith("q="));
      return { range, quality: q === undefined ? 1 : Math.min(1, Math.max(0, Number(q.slice(2)) || 0)) };
    });
  const quality = (type: string) => {
    for (const candidate of [type, `${type.split("/")[0]}/*`, "*/*"]) {
      const match = ranges.find(({ range }) => range === candidate);
      if (match) return match.quality;
    }
    return 0;
  };
  let best: string | undefined;
  for (const type of offered)
    if (quality(type) > 0 && (best === undefined || quality(type) > quality(best))) best = type;
  return best;
}
