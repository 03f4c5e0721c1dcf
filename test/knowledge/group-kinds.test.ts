import type { Node, Option } from '../../src/knowledge/schema';
import { knowledge } from '../guide/core';

/** Commands and places that belong to one kind of group alone. */
const own: Readonly<Record<string, RegExp>> = {
  distributionGroup: /[GS]et-DistributionGroup\b/,
  dynamicGroup: /[GS]et-DynamicDistributionGroup\b|\bDynamic distribution list\b/,
  m365Group: /[GS]et-UnifiedGroup\b|people\/group\/owner/,
};

/** The kind that an answer has settled; null where it settles none. */
function kindOf({ is = [] }: Option): string | null {
  const kinds = is.filter((value) => value in own);
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
}

/** What stands at the ends below an answer about the kind of a group, each with the kind. `stuck` is for those who don't know it. */
function endsOf(
  node: Node,
  kind: string | null,
  seen: readonly string[] = [],
): [kind: string, end: string][] {
  if ('use' in node) {
    const next = knowledge.shared.get(node.use);
    return next === undefined || seen.includes(node.use) ? [] : endsOf(next, kind, [...seen, node.use]);
  }
  if (!('ask' in node)) return kind === null ? [] : [[kind, JSON.stringify(node)]];
  return node.options.flatMap((option) =>
    endsOf(option.then, (node.about === 'recipientKind' ? kindOf(option) : null) ?? kind, seen),
  );
}

test('who has said which kind of group it is reads of no other kind', () => {
  const ends = [...knowledge.articles.values()].flatMap(({ audiences }) =>
    Object.values(audiences).flatMap((node) => endsOf(node, null)),
  );
  expect(new Set(ends.map(([kind]) => kind))).toEqual(new Set(Object.keys(own)));
  const foreign = ends.flatMap(([kind, end]) =>
    Object.entries(own)
      .filter(([other, words]) => other !== kind && words.test(end))
      .map(([other]) => `${kind} reads of ${other}: ${/"title":"([^"]*)"/.exec(end)?.[1] ?? end}`),
  );
  expect([...new Set(foreign)]).toEqual([]);
});
