/** The packages of the Bot Framework's SDK whose functions a turn passes. */
const sdk =
  /[\\/]node_modules[\\/](?:botbuilder|botbuilder-core|botbuilder-dialogs|botframework-connector)[\\/]lib[\\/]/;

/** Whether a file is one that {@link toNativeAsync} is for. */
export const isOfSdk = (file: string): boolean => sdk.test(file);

/** How TypeScript writes an `async` function for ES2015. `this` within is that around it, as in an arrow function. */
const emitted = /__awaiter\((?:this|void 0), void 0, void 0, function\* \(\) \{/g;
const anyGenerator = /function ?\*/g;
const directive = /^(?:"use strict"|'use strict');/;

/**
 * The SDK is published for ES2015, where `async` is a generator that a helper drives. V8 makes a hidden class for every one of
 * these generators, in the old part of the heap, and from there it holds all that the function could see until the next full collection:
 * with it a quarter of what a turn has made, though the turn is long over. Written as the `async` functions they were, on the same lines,
 * a turn leaves a third of that behind (docs/ARCHITECTURE.md, "Speed of a turn").
 *
 * @param code a file of the SDK, as published
 * @returns the same with `async` functions; `code` itself where it has any generator of another form
 */
export function toNativeAsync(code: string): string {
  const generators = code.match(anyGenerator)?.length ?? 0;
  if (generators === 0 || generators !== code.match(emitted)?.length || !directive.test(code)) return code;
  return code
    .replace(emitted, '__native(async () => {')
    .replace(/\byield\b/g, 'await')
    .replace(directive, '$&const __native = (run) => run();');
}
