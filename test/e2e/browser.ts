import { chromium, type Browser } from 'playwright-core';

/** Chromium as CI runs it. Every page gets a context of its own, so one browser serves a whole test file. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    // Set by global-setup.js.
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      ...[
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
      ],
      ...[
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
        '--font-render-hinting=none',
      ],
    ],
  });
}
