import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readTemplate } from './template';

/** An Adaptive Card as JSON. */
export type CardJson = Record<string, unknown>;

/** The card templates by file name without ending. */
export interface Templates {
  /** Bind a view model to a template. @throws when the model lacks what the template names, or has null there. */
  expand(name: string, model: object): CardJson;
}

/**
 * Read every `<directory>/*.json`.
 * @throws when a file is not JSON, or no template.
 */
export function loadTemplates(directory: string): Templates {
  const templates = new Map(
    readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [
        basename(name, '.json'),
        readTemplate(JSON.parse(readFileSync(join(directory, name), 'utf8'))),
      ]),
  );
  return {
    expand(name, model) {
      const bind = templates.get(name);
      if (bind === undefined) throw new Error(`There is no card template "${name}".`);
      return bind(model);
    },
  };
}
