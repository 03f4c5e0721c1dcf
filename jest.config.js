/** Two projects: the fast tables, and the real Playground in a real browser. */
const sdk = '/node_modules/(?:botbuilder|botbuilder-core|botbuilder-dialogs|botframework-connector)/lib/';
const common = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: false } } },
    ],
    [`${sdk}.+\\.js$`]: '<rootDir>/test/sdk-transform.cjs',
  },
  transformIgnorePatterns: [`/node_modules/(?!${sdk.slice('/node_modules/'.length)})`],
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'json'],
};

module.exports = {
  projects: [
    {
      ...common,
      displayName: 'core',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      globalSetup: '<rootDir>/test/e2e/global-setup.js',
    },
  ],
};
