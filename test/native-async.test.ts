import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { TurnContext } from 'botbuilder';
import ts from 'typescript';
import { isOfSdk, toNativeAsync } from '../src/native-async';
import { root } from './guide/core';

const packages = ['botbuilder', 'botbuilder-core', 'botbuilder-dialogs', 'botframework-connector'];
const files = packages.flatMap((name) => {
  const folder = join(root, 'node_modules', name, 'lib');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.startsWith('browser'))
    .map((file) => join(folder, file));
});

/** What a program says in quotes: nothing there may be taken for the keyword. */
function textsOf(code: string): string[] {
  const texts: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isRegularExpressionLiteral(node) || ts.isTemplateLiteralToken(node))
      texts.push(node.getText());
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile('x.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS));
  return texts;
}

test('every file of the SDK that has async functions gets them back, and nothing else changes', () => {
  let changed = 0;
  for (const file of files) {
    const code = readFileSync(file, 'utf8');
    const native = toNativeAsync(code);
    expect([file, native.includes('function*')]).toEqual([file, false]);
    if (native === code) continue;
    changed += 1;
    expect(() => new Script(`(function (exports, require, module) {${native}\n})`)).not.toThrow();
    expect(native.split('\n')).toHaveLength(code.split('\n').length);
    expect(textsOf(native)).toEqual(textsOf(code));
  }
  expect(changed).toBeGreaterThan(80);
});

test.each<[file: string, is: boolean]>([
  [join(root, 'node_modules/botbuilder-core/lib/turnContext.js'), true],
  ['C:\\bot\\node_modules\\botbuilder-dialogs\\lib\\memory\\scopes.js', true],
  ['/srv/node_modules/.pnpm/botbuilder@4.23.3/node_modules/botbuilder/lib/index.js', true],
  ['/srv/node_modules/botbuilder-core/node_modules/uuid/dist/index.js', false],
  ['/srv/node_modules/restify/lib/server.js', false],
  ['/srv/botbuilder/lib/index.js', false],
])('%s: %p', (file, is) => {
  expect(isOfSdk(file)).toBe(is);
});

const strict = (code: string): string => `"use strict";\n${code}`;

test.each<[name: string, code: string]>([
  ['no generator', strict('exports.a = 1;')],
  ['a generator of somebody', strict('exports.a = function* () { yield 1; };')],
  [
    'one of each',
    strict('__awaiter(this, void 0, void 0, function* () { yield 1; }); function* more() { yield 1; }'),
  ],
  ['arguments', strict('__awaiter(this, arguments, void 0, function* (a) { yield a; });')],
  ['another Promise', strict('__awaiter(this, void 0, Bluebird, function* () { yield 1; });')],
  ['no directive to stand behind', '__awaiter(this, void 0, void 0, function* () { yield 1; });'],
])('left as it is: %s', (_, code) => {
  expect(toNativeAsync(code)).toBe(code);
});

/** As TypeScript 5 writes it for ES2015. */
const published = strict(`
var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) {
  function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
  return new (P || (P = Promise))(function (resolve, reject) {
    function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
    function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
    function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
class Till {
  constructor() { this.log = []; }
  sell(price) {
    return __awaiter(this, void 0, void 0, function* () {
      this.log.push('in');
      try {
        const paid = (yield Promise.resolve(price)) + 1;
        if (paid > 5) throw new Error('too much');
        for (const part of [1, 2]) this.log.push(yield part);
        return paid;
      } catch (e) {
        this.log.push(yield Promise.reject(e).catch((x) => x.message));
        throw e;
      } finally {
        yield null;
        this.log.push('out');
      }
    });
  }
}
exports.Till = Till;`);

interface Till {
  log: unknown[];
  sell(price: unknown): Promise<number>;
}

test.each<[name: string, price: unknown]>([
  ['a value', 1],
  ['a promise', Promise.resolve(2)],
  ['an error', 9],
  ['a rejection', 'reject'],
])('it does the same: %s', async (_, price) => {
  const outcomes = await Promise.all(
    [published, toNativeAsync(published)].map(async (code) => {
      const exports: { Till?: new () => Till } = {};
      const run = new Script(`(exports) => {${code}\n}`).runInThisContext() as (exports: object) => void;
      run(exports);
      const till = new (exports.Till ?? Object)() as Till;
      const given = price === 'reject' ? Promise.reject(new Error('no')) : price;
      const result = await till.sell(given).catch((error: unknown) => String(error));
      return { result, log: till.log };
    }),
  );
  expect(toNativeAsync(published)).not.toContain('yield');
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(outcomes[0]?.log.at(-1)).toBe('out');
});

test('so do these tests', () => {
  expect(String(Object.getOwnPropertyDescriptor(TurnContext.prototype, 'sendActivity')?.value)).toContain(
    '__native(async () => {',
  );
});

test('the built bot loads it before anything of the SDK, which is native then', () => {
  const required = readFileSync(join(root, 'dist/index.js'), 'utf8').matchAll(/require\("([^"]+)"\)/g);
  expect([...required].slice(0, 2).map(([, name]) => name)).toEqual(['./heap', './sdk-hook']);
  const program = `
    require(process.argv[1]);
    const { TurnContext, CloudAdapter } = require('botbuilder');
    const { DialogContext } = require('botbuilder-dialogs');
    const hasNative = (prototype) => Object.values(Object.getOwnPropertyDescriptors(prototype))
      .some(({ value }) => String(value).includes('async () =>'));
    for (const { prototype } of [TurnContext, CloudAdapter, DialogContext]) console.log(hasNative(prototype));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program, join(root, 'dist/sdk-hook.js')], {
    cwd: root,
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('true\ntrue\ntrue\n');
});
