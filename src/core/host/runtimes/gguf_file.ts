/** Writes the GGUF v3 container: header, key/value pairs, tensor directory, tensors aligned to 32 bytes. */

export type GgufValue =
  | { type: "u32" | "f32"; value: number }
  | { type: "bool"; value: boolean }
  | { type: "string"; value: string }
  | { type: "strings"; value: string[] }
  | { type: "f32s" | "i32s"; value: number[] };

export type GgufTensor = { name: string; shape: number[]; data: Float32Array };

const MAGIC = 0x46554747;
const ALIGNMENT = 32;
const TYPE_ID = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 };

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const i32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const f32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string) => {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([u64(bytes.length), bytes]);
};
const array = (type: number, items: Buffer[]) =>
  Buffer.concat([u32(TYPE_ID.array), u32(type), u64(items.length), ...items]);
const aligned = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function encodeValue(entry: GgufValue): Buffer {
  switch (entry.type) {
    case "u32":
      return Buffer.concat([u32(TYPE_ID.u32), u32(entry.value)]);
    case "f32":
      return Buffer.concat([u32(TYPE_ID.f32), f32(entry.value)]);
    case "bool":
      return Buffer.concat([u32(TYPE_ID.bool), Buffer.from([entry.value ? 1 : 0])]);
    case "string":
      return Buffer.concat([u32(TYPE_ID.string), text(entry.value)]);
    case "strings":
      return array(TYPE_ID.string, entry.value.map(text));
    case "f32s":
      return array(TYPE_ID.f32, entry.value.map(f32));
    case "i32s":
      return array(TYPE_ID.i32, entry.value.map(i32));
  }
}

/** Encodes metadata and f32 tensors as one GGUF v3 file; shapes are in ggml order (fastest dimension first). */
export function encodeGguf(metadata: [string, GgufValue][], tensors: GgufTensor[]): Buffer {
  const parts: Buffer[] = [u32(MAGIC), u32(3), u64(tensors.length), u64(metadata.length)];
  for (const [key, value] of metadata) parts.push(text(key), encodeValue(value));
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    parts.push(text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    offset += aligned(data.byteLength);
  }
  const head = Buffer.concat(parts);
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
  const bodies = tensors.map(({ data }) => padded(Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  return Buffer.concat([padded(head), ...bodies]);
}
