/**
 * Decode UTF-7 (RFC 2152), which `TextDecoder` refuses: `+` opens a run of base64 of UTF-16BE, `-` or any other sign ends it.
 * What does not decode stays as it stands.
 */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Z0-9+/]*)-?/gi, (run, base64: string) => {
    if (base64 === '') return run === '+-' ? '+' : run;
    const bytes = Buffer.from(base64, 'base64');
    return bytes.length < 2
      ? run
      : bytes
          .subarray(0, bytes.length & ~1)
          .swap16()
          .toString('utf16le');
  });
}

/** Encoded `@ < > " = & #` and other signs that only UTF-7 writes so, twice at least: a sum in a text has a `+` too. */
export function looksLikeUtf7(text: string): boolean {
  return (text.slice(0, 100_000).match(/\+A[A-J][A-Za-z0-9+/]-/g)?.length ?? 0) >= 2;
}
