/** How reports name a restricted group. Group 1 is the group. */
const shapes: readonly RegExp[] = [
  // "…to the group because it only accepts mail of members" names none.
  /\bthe group ["']?(?!(?:because|only|is|that|which|and|as|since|it|you|to)\b)([^"'\n]{1,80}?)["']? (?:only accepts|is only accepting|isn['’]t set up|is set up|has been set up|doesn['’]t accept|has restricted)/i,
  /\brestricted groups?:? ["']?([^"'\n,]{1,80}?)(?:[.,;]?(?:\n|$)|[.,;] |["'])/i,
];

/** The group whose restriction the report names; null where it names none. */
export function findGroup(report: string): string | null {
  for (const shape of shapes) {
    const group = shape.exec(report)?.[1]?.trim();
    if (group !== undefined && group !== '') return group;
  }
  return null;
}
