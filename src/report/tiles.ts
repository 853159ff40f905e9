import { type Markup, markup } from "./markup.js";
import { grouped } from "./quantity.js";
import type { Tone } from "./tone.js";

export interface Tile {
  readonly tone: Tone;
  readonly count: number;
  readonly words: string;
  /** The part of the page about those. */
  readonly anchor?: string | undefined;
}

/** How many of each, which is also what the colours of the cells mean. */
export function tiles(all: readonly Tile[]): Markup {
  return markup`<ul class="tiles">
${all.map(({ tone, count, words, anchor }) => {
  const inner = markup`<span class="swatch ${tone}"></span><b>${grouped(count)}</b> ${words}`;
  const isLink = anchor !== undefined && count > 0;
  return isLink ? markup`<li><a href="#${anchor}">${inner}</a></li>\n` : markup`<li><span>${inner}</span></li>\n`;
})}</ul>`;
}
