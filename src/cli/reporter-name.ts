// Owns the names of the reporters. Pure; what each shows is elsewhere.

/** Every reporter, in the order in which they are shown. */
export const REPORTER_NAMES = ['default', 'verbose', 'quiet', 'json', 'github'] as const;

/** One of them. */
export type ReporterName = (typeof REPORTER_NAMES)[number];
