/** Two PNG files: colour 192 x 192, outline 32 x 32. */
export interface Icons {
  color: Uint8Array;
  outline: Uint8Array;
}

/** Every problem found, one sentence each. */
export class AppPackageError extends Error {
  readonly code: 'APP_PACKAGE_INVALID';
  readonly problems: string[];
  constructor(problems: string[]);
}

/** Ids that are well formed and belong to nobody, for checking the package. */
export const SAMPLE_ENV: Readonly<{ TEAMS_APP_ID: string; BOT_ID: string }>;

/** Rejects with AppPackageError. `notes` are worth reading, but not wrong. */
export function buildPackage(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ zip: Uint8Array; manifest: Record<string, unknown>; notes: string[] }>;

/** One sentence a problem, beginning with the field; empty when all is well. Uses no network. */
export function validate(manifest: Record<string, unknown>, icons: Icons): Promise<string[]>;

/** The part of `validate` that looks at the pictures. */
export function checkIcons(manifest: Record<string, unknown>, icons: Icons): string[];
