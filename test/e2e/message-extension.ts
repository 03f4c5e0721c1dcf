import type { Locator } from 'playwright-core';
import type { Turn } from './activity';
import type { Chat } from './chat';

const INVOKE = /\/_conversation\/v1\/invoke$/;

/**
 * The message extension as one person uses it. The Playground reads no manifest: the ids of a command and of its parameter are typed in
 * by hand there, and `initialRun` is not known.
 */
export class MessageExtension {
  constructor(
    private readonly chat: Chat,
    private readonly command: {
      readonly search: string;
      readonly parameter: string;
      readonly action: string;
    },
  ) {}

  /** What was found, or the sentence that says that nothing was. */
  get popover(): Locator {
    return this.chat.page.locator('.fui-PopoverSurface');
  }

  /** The task module, as one that only this person sees. */
  get dialog(): Locator {
    return this.chat.page.getByRole('dialog');
  }

  /** From the "+" beside the message box. */
  async search(words: string): Promise<Turn | undefined> {
    const { page } = this.chat;
    if (!(await this.popover.isVisible())) {
      await page.getByRole('button', { name: 'Trigger Message Extension App' }).last().click();
      await page.getByRole('menuitem', { name: 'Search Command' }).click();
      await this.popover.waitFor();
      await this.specify();
    }
    const box = this.popover.getByPlaceholder('Enter a search term');
    return this.chat.causing(() => box.fill(words), INVOKE);
  }

  /** The titles of the results, in their order. */
  async titles(): Promise<string[]> {
    return this.popover.locator('h1').allInnerTexts();
  }

  /** Take one result into the message box. */
  async take(title: string): Promise<void> {
    await this.popover.getByRole('heading', { name: title, exact: true }).click();
    await this.chat.settle();
  }

  /** Send what stands in the message box; to a bot in a group, which sees no message without a mention, nothing is delivered. */
  async send({ delivered }: { readonly delivered: boolean }): Promise<Turn | undefined> {
    const { page } = this.chat;
    const act = (): Promise<void> => page.getByRole('button', { name: 'Send Message' }).last().click();
    if (delivered) return this.chat.causing(act, /\/messages$/);
    await act();
    await this.chat.settle();
    return undefined;
  }

  /** The action, from the menu of the newest message with this text. */
  async actOn(text: string): Promise<Turn | undefined> {
    const { page } = this.chat;
    await this.chat.menuOf(text).click();
    await page.getByRole('menuitem', { name: 'Action Command' }).click();
    await page.getByPlaceholder('Input command id').fill(this.command.action);
    return this.chat.causing(() => page.getByRole('button', { name: 'Create' }).click(), INVOKE);
  }

  /** A button in the task module. */
  async press(label: string): Promise<Turn | undefined> {
    const button = this.dialog.getByRole('button', { name: label, exact: true });
    return this.chat.causing(() => button.click(), INVOKE);
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).click();
    await this.chat.settle();
  }

  private async specify(): Promise<void> {
    const fold = this.popover.getByRole('button', { name: 'Specify Command ID or Parameter' });
    await fold.click();
    await this.popover.getByPlaceholder('Command ID').fill(this.command.search);
    await this.popover.getByPlaceholder('Parameter name').fill(this.command.parameter);
    await fold.click();
  }
}
