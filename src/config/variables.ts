import { z } from 'zod';

/** The variables that are set, by our spelling of their names. */
export type Variables = Readonly<Partial<Record<string, string>>>;

/** A variable for a whole number in these bounds. */
export function wholeNumber(name: string, fallback: number, least: number, most: number) {
  const error = `${name} must be a whole number from ${least} to ${most}.`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error })
    .prefault(String(fallback));
}

/** A sentence for the operator for each problem. */
export function sentences(error: z.ZodError): string[] {
  return error.issues.map(({ message }) => message);
}
