import { Tokenizer } from 'htmlparser2';
import { maxText } from './clean';
import { squeeze } from './squeeze';

const blocks = new Set(
  'address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
const cells = new Set(['td', 'th']);
const silent = new Set(['script', 'style', 'title', 'template', 'noscript', 'textarea']);

/**
 * The readable text of an HTML fragment such as Teams' `text/html` attachment or Outlook's clipboard:
 * blocks become lines, cells are set apart by a tab, entities are decoded once. An address that stands in a
 * `mailto:` link only is kept, because Outlook's people chips show the name alone.
 *
 * Works on the token stream, without a tree or a stack, so that a bomb of nested tags costs linear time.
 */
export function htmlToText(html: string): string {
  const source = html.slice(0, maxText);
  let out = '';
  let tag = '';
  let attribute = '';
  let value = '';
  let mailto: string | undefined;
  let linkText = '';
  let mute: string | undefined;
  let preformatted = 0;
  const write = (text: string): void => {
    if (mute !== undefined) return;
    out += text;
    if (mailto !== undefined && linkText.length < 400) linkText += text;
  };
  const opened = (): void => {
    // A client that does not escape `<user@contoso.com>` makes a tag of it.
    if (tag.includes('@')) write(`<${tag}>`);
    else if (silent.has(tag)) mute = tag;
    else if (tag === 'pre') {
      preformatted += 1;
      write('\n');
    } else if (blocks.has(tag)) write('\n');
  };
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = source.slice(start, end).toLowerCase();
        if (tag === 'a') {
          mailto = undefined;
          linkText = '';
        }
      },
      onattribname(start, end) {
        attribute = source.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata(start, end) {
        if (tag === 'a' && attribute === 'href') value += source.slice(start, end);
      },
      onattribentity(codepoint) {
        if (tag === 'a' && attribute === 'href') value += String.fromCodePoint(codepoint);
      },
      onattribend() {
        if (tag === 'a' && attribute === 'href' && /^mailto:/i.test(value)) mailto = decodeAddress(value);
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag(start, end) {
        const name = source.slice(start, end).toLowerCase();
        if (name === mute) mute = undefined;
        else if (name === 'pre') {
          preformatted = Math.max(0, preformatted - 1);
          write('\n');
        } else if (name === 'a') {
          if (mailto !== undefined && !linkText.includes(mailto)) write(` <${mailto}>`);
          mailto = undefined;
        } else if (cells.has(name)) write('\t');
        else if (blocks.has(name)) write('\n');
      },
      ontext(start, end) {
        const text = source.slice(start, end);
        write(preformatted > 0 ? text : squeeze(text));
      },
      ontextentity(codepoint) {
        write(String.fromCodePoint(codepoint));
      },
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  const lines = out.split('\n').map((line) => line.trim());
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trim();
}

function decodeAddress(href: string): string {
  const address = href.slice('mailto:'.length).split('?')[0] ?? '';
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // A percent sign that is not an escape: the address as it stands is the better guess.
  }
}
