import type { ArticleFile, Node } from './schema';
import type { Problem, Source } from './source';

/** What references may lead to. `ids` also has files that are faulty themselves: what points there is no second fault. */
export interface Targets {
  articleIds: ReadonlySet<string>;
  sharedIds: ReadonlySet<string>;
  shared: ReadonlyMap<string, Node>;
}

/** Every `use` and `related` of an article that leads nowhere, and options that share an id. */
export function faultsOfArticle(source: Source<ArticleFile>, targets: Targets): Problem[] {
  const problems: Problem[] = [];
  for (const [audience, node] of Object.entries(source.value.audiences))
    checkNode(node, ['audiences', audience], source, targets, problems);
  source.value.related.forEach((id, index) => {
    if (targets.articleIds.has(id)) return;
    const line = source.lineOf(['related', index]);
    problems.push({ file: source.file, line, message: `there is no article "${id}"` });
  });
  return problems;
}

/** The same of a shared tree, and a `use` that comes back to where it started. */
export function faultsOfShared(source: Source<Node>, targets: Targets): Problem[] {
  const problems: Problem[] = [];
  checkNode(source.value, [], source, targets, problems, [source.id]);
  return problems;
}

function checkNode(
  node: Node,
  path: readonly PropertyKey[],
  source: Source<unknown>,
  targets: Targets,
  problems: Problem[],
  visiting: readonly string[] = [],
): void {
  const complain = (where: readonly PropertyKey[], message: string): void => {
    problems.push({ file: source.file, line: source.lineOf(where), message });
  };
  if ('use' in node) {
    const target = targets.shared.get(node.use);
    const at = [...path, 'use'];
    const [start] = visiting;
    if (!targets.sharedIds.has(node.use)) complain(at, `there is no procedures/${node.use}.yaml`);
    else if (node.use === start)
      complain(at, `"${node.use}" leads back to itself: ${[...visiting, node.use].join(' > ')}`);
    // A circle further on is the fault of those that are in it.
    else if (start !== undefined && target !== undefined && !visiting.includes(node.use))
      checkNode(target, path, source, targets, problems, [...visiting, node.use]);
  } else if ('ask' in node) {
    const ids = node.options.map(({ id }) => id);
    node.options.forEach((option, index) => {
      const here = [...path, 'options', index];
      if (ids.indexOf(option.id) !== index)
        complain([...here, 'id'], `two options have the id "${option.id}"`);
      checkNode(option.then, [...here, 'then'], source, targets, problems, visiting);
    });
  }
}
