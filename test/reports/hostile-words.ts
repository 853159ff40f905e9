import fc from "fast-check";

/** What ends an element, an attribute, a comment or a style, starts a script, or turns text around. */
export const HOSTILE_WORDS = [
  "<script>globalThis.owned = true; alert(1)</script>",
  `"><img src=x onerror="globalThis.owned = true">`,
  `' onmouseover='globalThis.owned = true' autofocus onfocus='globalThis.owned = true`,
  "</title></style></pre></code></svg><script src=//nowhere.invalid/x.js></script>",
  "<svg onload=globalThis.owned=true><style>@import '//nowhere.invalid/x.css';</style>",
  "<iframe srcdoc='<script>parent.owned = true</script>'>",
  "<link rel=stylesheet href=//nowhere.invalid/x.css><base href=//nowhere.invalid/>",
  "<meta http-equiv=refresh content='0;url=//nowhere.invalid/'>",
  "<!-- ]]> --> <![CDATA[ <plaintext> <textarea> <noscript>",
  "javascript:globalThis.owned=true",
  "&lt;script&gt; &#x3c;b&#x3e; &amp;amp; &notanentity;",
  "${globalThis.owned = true} {{constructor.constructor('owned = true')()}}",
  "\u202egnp.exe\u2066\u200f\u200b\ufeff",
  "\u0001\u0007\u001b[2J\u007f\u0085\u2028\u2029 two\r\nlines\ttab",
  "\ud800 lone \udfff",
  "ключ 鍵 🔑 שלום",
  "  blanks   ",
  "",
];

/** Any text, often with pieces of {@link HOSTILE_WORDS} in it. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE_WORDS),
      fc.string({ unit: "binary" }),
      fc.constantFrom("<", ">", "&", '"', "'", "`", "=", "/", "\\", " ", "-", "]"),
    ),
    {
      maxLength: 4,
    },
  )
  .map((pieces) => pieces.join(""));
