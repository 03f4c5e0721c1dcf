/** In CSS pixels: wide enough for the chat list; below about 640 it hides behind a menu. */
export const WIDE = 1280;
export const HEIGHT = 900;
