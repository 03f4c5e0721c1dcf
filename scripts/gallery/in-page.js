/* Runs in the browser: draws every card with the `adaptivecards` renderer, and says what is wrong with the result. */
/* global AdaptiveCards, markdownit, GALLERY */
'use strict';

/** Teams' Markdown: emphasis, lists and links only (cards-format.md); everything else stays as typed. */
const markdown = markdownit({ html: false }).disable(
  ['heading', 'lheading', 'table', 'image', 'blockquote', 'code', 'fence', 'hr', 'backticks'],
  true,
);

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  const mention = /&lt;at&gt;(.*?)&lt;\/at&gt;/g;
  result.outputHtml = markdown.render(text).replace(mention, '<span class="mention">$1</span>');
  result.didProcess = true;
};

/** What the renderer had to say, over all themes and widths drawn so far. */
window.__errors = [];

const element = (tag, className, text = '') =>
  Object.assign(document.createElement(tag), { className, textContent: text });

/** Types that occur somewhere without a `fallback`. One that always has one is used on purpose (CodeBlock). */
function typesWithoutFallback(node, found = new Set()) {
  if (typeof node !== 'object' || node === null) return found;
  if (typeof node.type === 'string' && node.fallback === undefined) found.add(node.type);
  Object.values(node).forEach((child) => typesWithoutFallback(child, found));
  return found;
}

function complaints(card, json, context) {
  const { UnknownElementType, UnknownActionType } = AdaptiveCards.ValidationEvent;
  const bare = typesWithoutFallback(json);
  const intended = ({ event, message }) =>
    (event === UnknownElementType || event === UnknownActionType) &&
    !bare.has(/"([^"]*)"/.exec(message)?.[1]);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  const messages = [...events, ...card.validateProperties().validationEvents]
    .filter((event) => !intended(event))
    .map(({ source, message }) => `${source?.getJsonTypeName() ?? 'card'}: ${message}`);
  if (card.shouldFallback()) messages.push('the whole card fell back to its fallbackText');
  return [...new Set(messages)];
}

/** @returns the card's element, or nothing when the renderer gave up. */
function draw(json, theme, report) {
  try {
    // Teams takes bot cards up to 1.5: a newer property is reported rather than drawn as if it worked there.
    const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
    const card = new AdaptiveCards.AdaptiveCard();
    // The renderer's own fault: this expression remembers where it ended, and refuses every second card.
    AdaptiveCards.CardElement.langProperty.regEx.lastIndex = 0;
    card.hostConfig = new AdaptiveCards.HostConfig(GALLERY.hostConfigs[theme]);
    card.parse(json, context);
    const drawn = card.render();
    complaints(card, json, context).forEach(report);
    if (!drawn) report('nothing was rendered');
    return drawn;
  } catch (error) {
    report(`${error}`);
    return undefined;
  }
}

function exhibit({ name, caption, oversized, card }, theme, width) {
  const figure = element('figure', 'exhibit');
  figure.dataset.name = name;
  const frame = element('div', 'teams-card');
  frame.style.width = `${width}px`;
  const drawn = draw(card, theme, (message) => window.__errors.push({ card: name, theme, width, message }));
  if (drawn) frame.append(drawn);
  const sender = element('div', 'sender', ' 10:32');
  sender.prepend(element('b', '', 'Bounce Desk'));
  const body = element('div', 'body');
  body.append(sender, frame);
  const message = element('div', 'message');
  message.append(element('div', 'avatar', 'BD'), body);
  figure.append(element('figcaption', oversized ? 'bad' : '', caption), message);
  return figure;
}

window.__render = (theme, width) => {
  document.body.dataset.theme = theme;
  document.body.dataset.width = width;
  const wall = document.querySelector('.wall');
  wall.className = 'wall';
  wall.replaceChildren(...GALLERY.cards.map((card) => exhibit(card, theme, width)));
};

/** What an element shows, short enough for a line of the report. */
function describe(node) {
  const className = [...node.classList].find((name) => name.startsWith('ac-'));
  return `${className ?? node.tagName.toLowerCase()} “${node.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}”`;
}

function trouble(node, frame) {
  const box = node.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return undefined;
  const outside = Math.max(box.right - frame.right, frame.left - box.left);
  if (outside > 0.5) return `sticks out of the card by ${Math.ceil(outside)} px`;
  // Inline elements have no client width, and a pixel is lost to rounding.
  const hidden = node.clientWidth === 0 ? 0 : node.scrollWidth - node.clientWidth;
  return hidden > 1 ? `is ${hidden} px wider than its room` : undefined;
}

/** Every innermost element that does not fit, in the cards as they are drawn now. */
window.__overflow = () => {
  const { theme, width } = document.body.dataset;
  return [...document.querySelectorAll('.exhibit')].flatMap((figure) => {
    const frame = figure.querySelector('.teams-card');
    const room = frame.getBoundingClientRect();
    const found = [...frame.querySelectorAll('*')]
      .map((node) => ({ node, problem: trouble(node, room) }))
      .filter(({ problem }) => problem !== undefined);
    const culprits = found.filter(
      ({ node }) => !found.some((other) => other.node !== node && node.contains(other.node)),
    );
    return culprits.map(({ node, problem }) => ({
      card: figure.dataset.name,
      theme,
      width: Number(width),
      message: `${describe(node)} ${problem}`,
    }));
  });
};

/** Heights for the contact sheets, by card. */
window.__heights = () =>
  [...document.querySelectorAll('.exhibit')].map((figure) => ({
    name: figure.dataset.name,
    height: figure.offsetHeight,
  }));

/** Arranges the drawn cards as one contact sheet: names by column. The others leave the page until the next __render. */
window.__sheet = (columns) => {
  window.__drawn ??= new Map();
  document.querySelectorAll('.exhibit').forEach((figure) => window.__drawn.set(figure.dataset.name, figure));
  const wall = document.querySelector('.wall');
  wall.className = 'wall sheet';
  wall.replaceChildren(
    ...columns.map((names) => {
      const column = element('div', 'sheet-column');
      column.append(...names.map((name) => window.__drawn.get(name)));
      return column;
    }),
  );
};

const controls = Object.fromEntries(
  ['theme', 'width', 'find'].map((id) => [id, document.getElementById(id)]),
);

function redraw() {
  window.__render(controls.theme.value, Number(controls.width.value));
  document.querySelectorAll('.exhibit').forEach((figure) => {
    figure.hidden = !figure.dataset.name.includes(controls.find.value.trim());
  });
}

controls.theme.value = GALLERY.theme;
controls.width.value = `${GALLERY.width}`;
Object.values(controls).forEach((control) => control.addEventListener('input', redraw));
redraw();
