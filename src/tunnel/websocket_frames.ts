/** Frames of RFC 6455 §5, without extensions. */

const CONTINUATION = 0;
const BINARY = 2;
const LARGEST_CONTROL_BYTES = 125;

/** The header of a final frame; with `masking` for frames of a client (§5.2). */
export function frameHeader(opcode: number, length: number, masking: Buffer | null): Buffer {
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(2 + extended + (masking ? 4 : 0));
  header[0] = 0x80 | opcode;
  header[1] = (masking ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), 2);
  if (masking) masking.copy(header, 2 + extended);
  return header;
}

/**
 * XOR with the masking key, from `offset` bytes into the frame (§5.3); a copy, since the writer may still hold the
 * bytes.
 */
export function mask(bytes: Buffer, masking: Buffer, offset: number): Buffer {
  const result = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) result[i] = bytes[i]! ^ masking[(offset + i) & 3]!;
  return result;
}

export type FrameReaderOptions = {
  /** Frames of a client must be masked, those of a server must not (§5.1). */
  masked: boolean;
  onData: (chunk: Buffer) => void;
  onControl: (opcode: number, payload: Buffer) => void;
};

type Frame = { opcode: number; left: number; masking: Buffer | null; offset: number; control: Buffer[] };

/**
 * Takes the bytes of a connection as they come and hands on payloads at once, so that no frame is ever held whole.
 * Throws on what a peer of ours never sends: text, extensions, wrong masking, long control frames.
 */
export function createFrameReader(options: FrameReaderOptions): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let frame: Frame | null = null;

  function payload(current: Frame, chunk: Buffer): Buffer {
    const part = chunk.subarray(0, current.left);
    const plain = current.masking ? mask(part, current.masking, current.offset) : part;
    current.left -= part.length;
    current.offset += part.length;
    if (current.opcode >= 8) current.control.push(plain);
    else if (plain.length > 0) options.onData(plain);
    if (current.left === 0) {
      frame = null;
      if (current.opcode >= 8) options.onControl(current.opcode, Buffer.concat(current.control));
    }
    return chunk.subarray(part.length);
  }

  return (chunk) => {
    let rest = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    pending = Buffer.alloc(0);
    for (;;) {
      if (frame) {
        if (rest.length === 0 && frame.left > 0) return;
        rest = payload(frame, rest);
        continue;
      }
      const header = readHeader(rest, options.masked);
      if (!header) {
        pending = rest;
        return;
      }
      frame = header.frame;
      rest = rest.subarray(header.length);
    }
  };
}

/** Null while the header is not complete. */
function readHeader(bytes: Buffer, masked: boolean): { frame: Frame; length: number } | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const opcode = first & 0x0f;
  if ((first & 0x70) !== 0) throw new Error("a WebSocket frame uses an extension that was not agreed");
  if (![CONTINUATION, BINARY, 8, 9, 10].includes(opcode)) throw new Error("a WebSocket frame has an unexpected opcode");
  if (((second & 0x80) !== 0) !== masked) throw new Error("a WebSocket frame is masked wrongly");
  const short = second & 0x7f;
  if (opcode >= 8 && (short > LARGEST_CONTROL_BYTES || (first & 0x80) === 0))
    throw new Error("a WebSocket control frame is malformed");
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const length = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < length) return null;
  const left = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (!Number.isSafeInteger(left)) throw new Error("a WebSocket frame is too long");
  const masking = masked ? Buffer.from(bytes.subarray(length - 4, length)) : null;
  return { length, frame: { opcode, left, masking, offset: 0, control: [] } };
}
