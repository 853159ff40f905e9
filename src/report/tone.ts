/**
 * How a schema's cell looks: a colour, and a pattern and a sign for whoever cannot tell the colours apart. `bad` to
 * `bad-5` tell groups of drifted schemas from each other.
 */
export type Tone =
  | "good"
  | "same"
  | "back"
  | "hollow"
  | "ahead"
  | "gone"
  | "bad"
  | "bad-2"
  | "bad-3"
  | "bad-4"
  | "bad-5";
