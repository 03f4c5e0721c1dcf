import type { Locator } from 'playwright-core';
import type { Turn } from './activity';
import type { Chat } from './chat';
import { HEIGHT, WIDE } from './window';

const MORE = 'More options';

/** A card on screen. It looks anew each time it is used, so it stays good when the card is replaced in place. */
export class Card {
  constructor(
    readonly locator: Locator,
    private readonly chat: Chat,
  ) {}

  /** What can be read, line by line. What is hidden is not in the page at all. */
  async text(): Promise<string> {
    return this.locator.innerText();
  }

  /** The labels of all buttons, those behind "…" included: the Playground puts there whatever comes after the sixth, and secondary ones. */
  async buttons(): Promise<string[]> {
    const labels = await Promise.all(
      (await this.actions().all()).map(async (button) => (await button.getAttribute('title')) ?? ''),
    );
    if (!labels.includes(MORE)) return labels;
    const menu = await this.openMore();
    const hidden = await menu.getByRole('menuitem').allInnerTexts();
    await this.chat.page.keyboard.press('Escape');
    return [...labels.filter((label) => label !== MORE), ...hidden];
  }

  /**
   * Press a button by its exact label and wait until the bot has answered and the page shows it. The turn's `body` is the answer to an
   * invoke. Undefined: the press stayed in the page (toggle, link, invalid input).
   */
  async press(label: string): Promise<Turn | undefined> {
    const direct = this.locator.getByRole('button', { name: label, exact: true });
    const button =
      (await direct.count()) > 0
        ? direct.first()
        : (await this.openMore()).getByRole('menuitem', { name: label, exact: true });
    return this.chat.causing(
      () => button.click({ timeout: 5_000 }),
      /\/_conversation\/v1\/(?:invoke|submit)$/,
    );
  }

  /** Type into the input with this label. */
  async fill(label: string, text: string): Promise<void> {
    await this.locator.getByLabel(label).fill(text);
  }

  /** Choose from a compact choice set: the first, unless told which. */
  async choose(option: string, nth = 0): Promise<void> {
    await this.locator.getByRole('combobox').nth(nth).click();
    await this.chat.page.getByRole('option', { name: option, exact: true }).click();
  }

  async screenshot(path: string): Promise<Buffer> {
    const { page } = this.chat;
    const before = page.viewportSize() ?? { width: WIDE, height: HEIGHT };
    const box = await this.locator.boundingBox();
    // The chat scrolls inside the page: what is taller than the window would be cut off.
    await page.setViewportSize({
      width: before.width,
      height: Math.max(before.height, Math.ceil(box?.height ?? 0) + 500),
    });
    await this.locator.scrollIntoViewIfNeeded();
    const picture = await this.locator.screenshot({ path });
    await page.setViewportSize(before);
    return picture;
  }

  private actions(): Locator {
    return this.locator.locator('button[title], a[title][role=button], [role=button][title]');
  }

  private async openMore(): Promise<Locator> {
    await this.locator.getByRole('button', { name: MORE }).click({ timeout: 5_000 });
    const menu = this.chat.page.getByRole('menu', { name: MORE });
    await menu.waitFor();
    return menu;
  }
}
