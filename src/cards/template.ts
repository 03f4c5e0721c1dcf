/** What a template is bound to. */
type Model = Readonly<Record<string, unknown>>;
type Bind<T = unknown> = (model: Model) => T;
type Json = Record<string, unknown>;

/**
 * Read a card template: JSON in which a text `${name}` stands for a value of the model, of whatever kind. In a list, an element with
 * `$when` is left out where that value is false or an empty list, and one with `$data` stands once for each item of that
 * list, bound to the item. This is as much of Microsoft's template language as our cards need; there are no expressions, and no value is read
 * as a template.
 * @throws Error for everything else of that language. The function it gives throws where the model lacks a name: people
 * would see a hole.
 */
export function readTemplate(template: unknown): (model: object) => Json {
  if (!isObject(template)) throw new Error('A card template is an object.');
  const bind = objectOf(template);
  return (model) => bind({ ...model });
}

function bindingOf(node: unknown): Bind {
  if (typeof node === 'string') return textOf(node);
  if (Array.isArray(node)) return listOf(node);
  return isObject(node) ? objectOf(node) : () => node;
}

function textOf(text: string): Bind {
  const name = /^\$\{(\w+)\}$/.exec(text)?.[1];
  if (name !== undefined) return (model) => valueOf(model, name);
  if (text.includes('${')) throw new Error(`A card template can't say "${text}", only a whole \${name}.`);
  return () => text;
}

function valueOf(model: Model, name: string): unknown {
  const value = Object.hasOwn(model, name) ? model[name] : undefined;
  if (value === undefined || value === null) throw new Error(`A card template lacks its "${name}".`);
  return value;
}

function objectOf(node: Json): Bind<Json> {
  const binds = Object.entries(node).map(([key, value]): [string, Bind] => [key, bindingOf(value)]);
  if ('$when' in node || '$data' in node)
    throw new Error('Only an element of a list can have $when or $data in a card template, and one of them.');
  return (model) => {
    const bound: Json = {};
    for (const [key, bind] of binds) bound[key] = bind(model);
    return bound;
  };
}

function listOf(elements: readonly unknown[]): Bind<unknown[]> {
  const binds = elements.map(elementOf);
  return (model) => binds.flatMap((bind) => bind(model));
}

/** An element of a list: what stands there in its place. */
function elementOf(node: unknown): Bind<unknown[]> {
  if (isObject(node) && '$when' in node) {
    const { $when, ...rest } = node;
    const [when, bind] = [bindingOf($when), bindingOf(rest)];
    return (model) => (holds(when(model)) ? [bind(model)] : []);
  }
  if (isObject(node) && '$data' in node) {
    const { $data, ...rest } = node;
    const [data, bind] = [bindingOf($data), bindingOf(rest)];
    return (model) => itemsOf(data(model)).map(bind);
  }
  const bind = bindingOf(node);
  return (model) => [bind(model)];
}

const holds = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value === true);

function itemsOf(value: unknown): Model[] {
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new Error('What a card template repeats is a list of objects.');
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
