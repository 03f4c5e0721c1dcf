/** Whether a value of unknown origin is an object with fields, as JSON has them. */
export function isObject(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
