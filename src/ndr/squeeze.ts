/** White space that is not a single blank already: most of a text's white space is, and is left alone. */
const spaces = /\s{2,}|[^\S ]/g;

/** Every run of white space as one blank. */
export const squeeze = (text: string): string => text.replace(spaces, ' ');
