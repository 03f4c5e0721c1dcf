import type { Piece } from '../guide/fill';

/** An Adaptive Cards TextRun. RichTextBlock does not read Markdown, so what a bounce says stays text. */
export interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  fontType?: 'Monospace';
  isSubtle?: true;
  italic?: true;
  color?: 'Accent' | 'Attention';
  size?: 'Small' | 'Large';
  selectAction?: { type: 'Action.OpenUrl'; url: string };
}

/** Draw pieces of a sentence: labels and values bold, tokens in monospace, unknown facts in italics. */
export function inlines(pieces: readonly Piece[]): TextRun[] {
  return pieces.map(({ text, style, url }): TextRun => {
    const run: TextRun = { type: 'TextRun', text };
    if (url !== undefined) return { ...run, color: 'Accent', selectAction: { type: 'Action.OpenUrl', url } };
    switch (style) {
      case 'label':
      case 'value':
        return { ...run, weight: 'Bolder' };
      case 'code':
        return { ...run, fontType: 'Monospace' };
      case 'missing':
        return { ...run, italic: true, color: 'Accent' };
      case 'plain':
        return run;
    }
  });
}

/** Plain words as one run. */
export const textRun = (text: string, look: Omit<TextRun, 'type' | 'text'> = {}): TextRun => ({
  type: 'TextRun',
  text,
  ...look,
});

/** What a screen reader, a toast or a terminal gets. */
export const plainText = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
