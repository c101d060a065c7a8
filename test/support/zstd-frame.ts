// Owns the reading of a zstd frame from its bytes alone: its header and where it ends (RFC 8878, section 3.1.1).
// Decodes no content.
import assert from 'node:assert/strict';

/** What a frame says of itself. */
export interface FrameHeader {
  /** The memory that a decoder needs for what it has decoded. */
  readonly windowBytes: number;
  /** The size of the content, where it is told. */
  readonly contentBytes: number | undefined;
  readonly hasChecksum: boolean;
  readonly hasDictionary: boolean;
  readonly headerBytes: number;
}

const MAGIC = 0xfd2f_b528;

/** Bytes of the field of the content's size, by its flag, where the frame has a window descriptor. */
const SIZE_FIELD_BYTES = [0, 2, 4, 8] as const;

/** @throws when the bytes do not begin like a frame */
export function readFrameHeader(frame: Buffer): FrameHeader {
  assert.equal(frame.readUInt32LE(0), MAGIC, 'no frame of zstd');
  const descriptor = frame.readUInt8(4);
  const sizeFlag = descriptor >> 6;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const windowAt = 5;
  const sizeAt = windowAt + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const fieldBytes = isSingleSegment && sizeFlag === 0 ? 1 : (SIZE_FIELD_BYTES[sizeFlag] ?? 0);
  const contentBytes = readSize(frame, sizeAt, fieldBytes);
  return {
    windowBytes: isSingleSegment ? (contentBytes ?? 0) : windowOf(frame.readUInt8(windowAt)),
    contentBytes,
    hasChecksum: (descriptor & 4) !== 0,
    hasDictionary: dictionaryBytes > 0,
    headerBytes: sizeAt + fieldBytes,
  };
}

/** The type of a block that is one byte, repeated. */
const REPEATED = 1;
const CHECKSUM_BYTES = 4;

/** How long the first frame is: what follows is another one, or none. */
export function frameLength(frame: Buffer): number {
  const { headerBytes, hasChecksum } = readFrameHeader(frame);
  let at = headerBytes;
  for (let isLast = false; !isLast;) {
    const block = frame.readUIntLE(at, 3);
    isLast = (block & 1) === 1;
    at += 3 + (((block >> 1) & 3) === REPEATED ? 1 : block >> 3);
  }
  return at + (hasChecksum ? CHECKSUM_BYTES : 0);
}

function readSize(frame: Buffer, at: number, fieldBytes: number): number | undefined {
  if (fieldBytes === 0) return undefined;
  if (fieldBytes === 8) return Number(frame.readBigUInt64LE(at));
  // Two bytes count from 256 on.
  return frame.readUIntLE(at, fieldBytes) + (fieldBytes === 2 ? 256 : 0);
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
