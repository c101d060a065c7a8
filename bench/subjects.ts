export const SUBJECT_NAMES = ['ours'] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];
