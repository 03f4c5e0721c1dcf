const tseslint = require('typescript-eslint');
const regexp = require('eslint-plugin-regexp');

const pure = ['ndr', 'knowledge', 'guide', 'cards'];

module.exports = tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'test/corpus/**', '.tmp/**', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  regexp.configs['flat/recommended'],
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname } },
    rules: {
      // Everything pasted is hostile: no expression of ours may backtrack more than linearly.
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
      'regexp/no-unused-capturing-group': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
    },
  },
  {
    files: pure.map((room) => `src/${room}/**/*.ts`),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['botbuilder*', 'botframework*', 'restify', '**/bot/*', '**/dialogs/*'],
              message: 'The core knows nothing of Teams.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only src/config.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['src/cli.ts', 'src/index.ts', 'scripts/**', 'bench/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
);
