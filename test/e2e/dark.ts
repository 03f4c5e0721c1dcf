import type { Route } from 'playwright-core';
import { z } from 'zod';

const style = z.looseObject({ backgroundColor: z.string(), foregroundColors: z.unknown().optional() });
const hostConfig = z.looseObject({ containerStyles: z.looseObject({ default: style, emphasis: style }) });

/** Teams' dark card colours. The coloured styles (good, attention …) stay light there, with dark text. */
const DARK_TEXT = {
  default: { default: '#ffffff', subtle: '#bfffffff' },
  dark: { default: '#201f1f', subtle: '#2d2c2c' },
  light: { default: '#ffffff', subtle: '#bfffffff' },
  accent: { default: '#a6a7dc', subtle: '#8b8cc7' },
  good: { default: '#92c353', subtle: '#e592c353' },
  warning: { default: '#f8d22a', subtle: '#e5f8d22a' },
  attention: { default: '#d74654', subtle: '#e5d74654' },
};

/**
 * The Playground has a light theme only, whatever the browser prefers. Its program brings Fluent's dark theme along for its charts and
 * draws cards by one host configuration, so the dark it would have is two replacements away.
 */
export async function inTheDark(route: Route): Promise<void> {
  const response = await route.fetch();
  const light = await response.text();
  const theme = /fluentV9DarkTheme=([\w$]+)/.exec(light)?.[1];
  const literal = /JSON\.parse\('(\{"choiceSetInputValueSeparator":(?:[^'\\]|\\.)*)'\)/.exec(light)?.[1];
  const root =
    /theme:[\w$]+,(?=children:\(0,[\w$]+\.jsx\)\([\w$]+,\{children:\(0,[\w$]+\.jsx\)\([\w$]+,\{theme:)/;
  if (theme === undefined || literal === undefined || !root.test(light))
    throw new Error('This Playground is built differently: its dark theme was not found.');
  const config = hostConfig.parse(JSON.parse(literal.replaceAll("\\'", "'")));
  const styles = config.containerStyles;
  const dark = {
    ...config,
    containerStyles: {
      ...styles,
      default: { ...styles.default, backgroundColor: '#2d2c2c', foregroundColors: DARK_TEXT },
      emphasis: { ...styles.emphasis, backgroundColor: '#292828', foregroundColors: DARK_TEXT },
    },
  };
  const body = light
    .replace(literal, () => JSON.stringify(dark).replaceAll("'", "\\'"))
    .replace(root, () => `theme:${theme},`);
  await route.fulfill({ response, body });
}
