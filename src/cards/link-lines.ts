/** Pages to read on, a line each; a TextBlock reads Markdown links, and wraps what a button would cut. */
export const linkLines = (pages: readonly { label: string; url: string }[]): { text: string }[] =>
  pages.map(({ label, url }) => ({ text: `[${label.replace(/[[\]()*_\\]/g, '')}](${url})` }));
