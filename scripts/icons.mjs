/**
 * Draws appPackage/color.png and outline.png from their SVG sources.
 *
 *   node scripts/icons.mjs
 *
 * Needs a Chromium: the one named by CHROMIUM, or the first found on PATH.
 * The PNGs are committed, so that packaging needs no browser.
 */
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';
import appPackage from './app-package.js';

const folder = join(import.meta.dirname, '..', 'appPackage');
const ICONS = [
  { name: 'color', size: 192, paint: (png) => PNG.sync.write(png, { colorType: 2 }) },
  { name: 'outline', size: 32, paint: (png) => PNG.sync.write(whiten(png), { colorType: 6 }) },
];

/** The renderer leaves transparent pixels black and may tint half-covered ones; the shape is in alpha alone. */
function whiten(png) {
  for (let i = 0; i < png.data.length; i += 4) png.data.fill(255, i, i + 3);
  return png;
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = folders.flatMap((path) => names.map((name) => join(path, name))).find(isExecutable);
  if (!found) throw new Error('No Chromium found on PATH: set CHROMIUM to the full path of one.');
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function render(page, svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  return PNG.sync.read(await page.screenshot({ omitBackground: true }));
}

// Without a GPU and with a fixed colour profile, one Chromium gives the same pixels on every machine.
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--disable-gpu', '--disable-background-networking', '--force-color-profile=srgb'],
});
try {
  const page = await browser.newPage({ deviceScaleFactor: 1 });
  const icons = {};
  for (const { name, size, paint } of ICONS) {
    const svg = readFileSync(join(folder, 'src', `${name}.svg`), 'utf8');
    icons[name] = paint(await render(page, svg, size));
  }
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const problems = appPackage.checkIcons(manifest, icons);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  for (const [name, png] of Object.entries(icons)) {
    writeFileSync(join(folder, `${name}.png`), png);
    console.log(`appPackage/${name}.png  ${png.length} bytes`);
  }
} finally {
  await browser.close();
}
