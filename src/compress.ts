// Owns the conduct of a run: scan → plan → pool → report.
import { type CompressOptions } from './options.js';
import { type Report } from './report.js';

export function compress(_root: string, _options: CompressOptions = {}): Promise<Report> {
  return Promise.reject(new Error('not there yet'));
}

export function compressFiles(
  _paths: readonly string[],
  _options: CompressOptions = {},
): Promise<Report> {
  return Promise.reject(new Error('not there yet'));
}
