// Owns the record of a cache entry: 64 bytes that say what is known of a variant and where its bytes
// are, and the digest by which damage is noticed. Knows no file.
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { ContentCoding } from '../content-coding.js';
import { KEY_BYTES } from './fingerprint.js';

/** What a cache knows of a variant. */
export interface CacheRecord {
  readonly key: Buffer;
  readonly contentCoding: ContentCoding;
  /** Whether the encoded bytes are there, or just their number: then the variant was discarded. */
  readonly isKept: boolean;
  readonly encodedBytes: number;
  /** What the encode took, in milliseconds of a thread. */
  readonly encodeMs: number;
  /** Where the encoded bytes begin in the pack. */
  readonly offset: number;
}

/** Bytes of a record in an index. */
export const RECORD_BYTES = 64;

/*
 * A record, in big-endian order:
 *   0  key, 32 bytes
 *  32  check, 14 bytes: see `checkOf`
 *  46  offset, 6 bytes
 *  52  encodedBytes, 6 bytes
 *  58  encodeMs in tenths of a millisecond, 4 bytes
 *  62  content-coding, 1 byte
 *  63  kind, 1 byte: 1 kept, 2 discarded; anything else is no record
 */
const CHECK_AT = KEY_BYTES;
const CHECK_BYTES = 14;
const OFFSET_AT = CHECK_AT + CHECK_BYTES;
const SIZE_AT = OFFSET_AT + 6;
const ENCODE_MS_AT = SIZE_AT + 6;
const CODING_AT = ENCODE_MS_AT + 4;

/** Where in a record its kind stands: a 0 there makes it none. */
export const KIND_AT = CODING_AT + 1;

const KIND_KEPT = 1;
const KIND_DISCARDED = 2;

/** Stands in for the digest of the encoded bytes of a variant that was discarded. */
export const NO_DIGEST = Buffer.alloc(0);

/** In the order of their numbers, which never change. */
const CODINGS: readonly ContentCoding[] = ['gzip', 'br', 'zstd'];

const MAX_TENTHS = 2 ** 32 - 1;

/**
 * Writes a record.
 *
 * @param into - `RECORD_BYTES` bytes
 * @param payloadDigest - the SHA-256 of the encoded bytes; `NO_DIGEST` when there are none
 */
export function writeRecord(into: Buffer, record: CacheRecord, payloadDigest: Uint8Array): void {
  record.key.copy(into);
  into.writeUIntBE(record.offset, OFFSET_AT, 6);
  into.writeUIntBE(record.encodedBytes, SIZE_AT, 6);
  into.writeUInt32BE(Math.min(Math.round(record.encodeMs * 10), MAX_TENTHS), ENCODE_MS_AT);
  into[CODING_AT] = CODINGS.indexOf(record.contentCoding);
  into[KIND_AT] = record.isKept ? KIND_KEPT : KIND_DISCARDED;
  checkOf(into, payloadDigest).copy(into, CHECK_AT, 0, CHECK_BYTES);
}

/** Reads a record, `undefined` when the bytes are none. Whether it is true only its check tells. */
export function readRecord(bytes: Buffer): CacheRecord | undefined {
  const contentCoding = CODINGS[bytes[CODING_AT] ?? CODINGS.length];
  const kind = bytes[KIND_AT];
  if (contentCoding === undefined || (kind !== KIND_KEPT && kind !== KIND_DISCARDED)) {
    return undefined;
  }
  return {
    key: bytes.subarray(0, KEY_BYTES),
    contentCoding,
    isKept: kind === KIND_KEPT,
    encodedBytes: bytes.readUIntBE(SIZE_AT, 6),
    encodeMs: bytes.readUInt32BE(ENCODE_MS_AT) / 10,
    offset: bytes.readUIntBE(OFFSET_AT, 6),
  };
}

/** Adds to the offset of a record: where its bytes are is no part of what its check vouches for. */
export function moveRecord(bytes: Buffer, byBytes: number): void {
  bytes.writeUIntBE(bytes.readUIntBE(OFFSET_AT, 6) + byBytes, OFFSET_AT, 6);
}

/** Whether a record and its encoded bytes are what was written, as far as chance goes. */
export function isIntact(bytes: Buffer, payloadDigest: Uint8Array): boolean {
  const check = checkOf(bytes, payloadDigest);
  return check.compare(bytes, CHECK_AT, OFFSET_AT, 0, CHECK_BYTES) === 0;
}

/**
 * A SHA-256 over all but the place of the bytes. It guards against damage and mixed-up entries; who
 * means harm can compute it, and is stopped by the proof that follows.
 */
function checkOf(bytes: Buffer, payloadDigest: Uint8Array): Buffer {
  const facts = RECORD_BYTES - SIZE_AT;
  const input = Buffer.allocUnsafe(KEY_BYTES + facts + payloadDigest.length);
  bytes.copy(input, 0, 0, KEY_BYTES);
  bytes.copy(input, KEY_BYTES, SIZE_AT, RECORD_BYTES);
  input.set(payloadDigest, KEY_BYTES + facts);
  return hash('sha256', input, 'buffer');
}
