import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

type Paint = (text: string) => string;

/** The few colours that are used, each of them for one meaning. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warning: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** Colours for a stream: none where it is no terminal, with `NO_COLOR`, or when they are not wanted. */
export function paletteFor(stream: WriteStream, isColorWanted: boolean): Palette {
  const painted =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      isColorWanted ? styleText(format, text, { stream }) : text;
  return {
    good: painted("green"),
    bad: painted("red"),
    warning: painted("yellow"),
    faint: painted("dim"),
    strong: painted("bold"),
  };
}
