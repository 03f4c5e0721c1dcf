import type { Page } from 'playwright-core';
import { z } from 'zod';

/** More stops than any of our cards and the page around it have. */
const MANY = 60;

/** Tab on to a button, as somebody without a mouse does. Returns the names of the stops on the way, the button's own last. */
export async function tabTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<string[]> {
  const stops: string[] = [];
  while (stops.at(-1) !== name) {
    if (stops.length === MANY) throw new Error(`No way by ${key} to ${name}: ${stops.join(', ')}`);
    await page.keyboard.press(key);
    stops.push(z.string().parse(await page.evaluate(nameOfFocused)));
  }
  return stops;
}

/** Whether it can be seen where the focus is, on something that has it: the same place looks different once the focus has gone on. */
export async function isFocusVisible(page: Page): Promise<boolean> {
  const element = await page.locator(':focus').elementHandle();
  const withFocus = await element.screenshot({ animations: 'disabled', caret: 'hide' });
  await page.keyboard.press('Tab');
  const without = await element.screenshot({ animations: 'disabled', caret: 'hide' });
  await page.keyboard.press('Shift+Tab');
  return !withFocus.equals(without);
}

/** Past its last stop the focus leaves the page for a moment. */
const nameOfFocused = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return '';
  return element.getAttribute('title') || element.getAttribute('aria-label') || element.innerText.slice(0, 40);
})()`;
